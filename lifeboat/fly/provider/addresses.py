"""Which addresses a stack may speak to: local stacks loopback only, every other stack never loopback.

A stack on the local cloud must not be able to touch a real organisation because a variable is missing, and a
real stack must not report success for things that exist only on somebody's machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lifeboat.core.errors import Refused
from lifeboat.core.identity import is_local_stack
from lifeboat.core.loopback import is_loopback

FLY_VARIABLES = ("FLY_FLAPS_BASE_URL", "FLY_API_BASE_URL", "FLY_UIEX_BASE_URL")
"""flyctl's names of the three base addresses; one that is not set means the real Fly."""

SECRETS_VARIABLES = ("AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL")
"""The AWS SDK's names of the address of Secrets Manager, the first that is set counts."""

_LOCAL_HINT = "run `lifeboat env STACK` for the exports, or `make up`, which starts the local cloud"


def guard_addresses(stack: str, environment: Mapping[str, str]) -> None:
    """Refuse a stack whose variables point at the wrong world.

    Raises:
        Refused: a local stack with an address that is unset or not loopback, or another stack with one.
    """
    for name in FLY_VARIABLES:
        _guard(stack, name, environment.get(name, ""), "the real Fly")


def guard_secret_source(stack: str, environment: Mapping[str, str]) -> str | None:
    """Return the address of Secrets Manager, None for the real one.

    Raises:
        Refused: as `guard_addresses`, for Secrets Manager.
    """
    name, address = _first(SECRETS_VARIABLES, environment)
    _guard(stack, name, address, "the real AWS")
    return address or None


def _guard(stack: str, name: str, address: str, real: str) -> None:
    if not is_local_stack(stack):
        if is_loopback(address):
            raise Refused(
                f"{name} is a loopback address, but stack {stack!r} is not local",
                hint=f"unset {name}, or select a stack named local",
            )
    elif not address:
        raise Refused(f"{name} is not set, so local stack {stack!r} would work on {real}", hint=_LOCAL_HINT)
    elif not is_loopback(address):
        raise Refused(f"{name} is no loopback address, but stack {stack!r} is local", hint=_LOCAL_HINT)


def _first(names: Iterable[str], environment: Mapping[str, str]) -> tuple[str, str]:
    set_ones = ((name, environment[name]) for name in names if environment.get(name))
    return next(set_ones, (SECRETS_VARIABLES[-1], ""))
