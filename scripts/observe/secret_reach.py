"""Whether a secret's value can be had in a region: read as a recovery would read it, and dropped at once.

A description is not enough: the value may be missing, or sealed with a key that does not answer there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scripts.observe.aws import NoAnswer, SaidNo, asking
from scripts.observe.secret_state import CURRENT

_MISSING = "ResourceNotFoundException"


class Reach(StrEnum):
    """What came of reading a value."""

    READABLE = "readable"
    MISSING = "has no value"
    MALFORMED = "is not of the form of a master secret"
    REFUSED = "refused"
    NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretReach:
    """One secret in one region.

    Args:
        key: its key in the contract.
        region: where it was read.
        reach: what came of it.
        detail: the words of whoever refused; empty otherwise.
    """

    key: str
    region: str
    reach: Reach
    detail: str = ""

    @property
    def words(self) -> str:
        """The region and what came of it."""
        return f"{self.region}: {self.detail or self.reach.value}"


def reach_secret(client: Any, key: str, name: str, region: str, *, is_master: bool) -> SecretReach:  # noqa: ANN401  # boto3 clients have no type
    """Read the current value of a secret in a region and tell only how that went.

    Args:
        client: a Secrets Manager client of the region.
        key: the secret's key in the contract.
        name: its name.
        region: the region.
        is_master: whether the value has to hold the master's user and password.

    Effects: reads the secret's value.
    Source: Secrets Manager API, GetSecretValue.
    """
    try:
        with asking(f"secret {name} in {region}"):
            answer = client.get_secret_value(SecretId=name, VersionStage=CURRENT)
    except NoAnswer as error:
        return SecretReach(key=key, region=region, reach=Reach.NO_ANSWER, detail=error.message)
    except SaidNo as error:
        if error.code == _MISSING:
            return SecretReach(key=key, region=region, reach=Reach.MISSING)
        return SecretReach(key=key, region=region, reach=Reach.REFUSED, detail=error.message)
    return SecretReach(key=key, region=region, reach=_judge(answer.get("SecretString"), is_master=is_master))


def _judge(value: str | None, *, is_master: bool) -> Reach:
    if not value:
        return Reach.MISSING
    return Reach.MALFORMED if is_master and not _is_master(value) else Reach.READABLE


def _is_master(value: str) -> bool:
    try:
        login = json.loads(value)
    except ValueError:
        return False
    return isinstance(login, dict) and bool(login.get("username")) and bool(login.get("password"))
