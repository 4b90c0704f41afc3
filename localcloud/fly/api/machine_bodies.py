"""The bodies of create and update, read strictly: what the request means, or 400.

Types follow Fly's description; null and absent mean the same, as for flyctl.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from localcloud.fly.api.route import Call
from localcloud.fly.wire_error import NotImplementedHere, WireError

_LONGEST_LEASE_S = 100_000_000_000
"""A client once took a lease of 13 billion seconds by a mistake of units (flyctl#4508): Fly let it."""
_NAME = r"^(|[A-Za-z0-9][A-Za-z0-9_-]{0,62})$"


def _text(value: object) -> object:
    return "" if value is None else value


def _number(value: object) -> object:
    return 0 if value is None else value


def _flag(value: object) -> object:
    return False if value is None else value


Text = Annotated[str, BeforeValidator(_text)]
Number = Annotated[int, BeforeValidator(_number)]
Flag = Annotated[bool, BeforeValidator(_flag)]


class MachineBody(BaseModel):
    """What create and update have in common."""

    model_config = ConfigDict(extra="ignore", strict=True)

    config: dict[str, Any] = Field()
    name: Annotated[str, BeforeValidator(_text), Field(pattern=_NAME)] = ""
    region: Text = ""
    skip_launch: Flag = False
    skip_service_registration: Flag = False
    skip_secrets: Flag = False
    lease_ttl: Annotated[int, BeforeValidator(_number), Field(ge=0, le=_LONGEST_LEASE_S)] = 0
    min_secrets_version: Number = 0
    current_version: Text = ""


def read_body(call: Call) -> MachineBody:
    """Return the body of a create or an update.

    Raises:
        WireError: 400 naming the field; 501 for what is not built.
    """
    try:
        body = MachineBody.model_validate(call.fields())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise WireError(400, f"invalid_argument: {where}: {first['msg'].lower()}") from error
    if body.skip_secrets:
        raise NotImplementedHere("skip_secrets")
    return body
