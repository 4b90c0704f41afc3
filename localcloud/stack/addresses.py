"""Where the apps of a local stack answer on this machine, and whether they do.

Success is proven by looking: an `up` is done when every app that serves has answered its own health check,
asked from outside, through the edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from lifeboat.core.clock import Clock
from lifeboat.core.contract import Contract
from lifeboat.core.contract_fly import FlyApp
from lifeboat.core.errors import Unverified
from localcloud.supervisor.admin import AdminApi

DEADLINE_S = 30.0
_POLL_S = 0.2
_TIMEOUT_S = 5.0
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AppAddress:
    """An app that serves: its name, its address on this machine, and the path of its health check."""

    app: str
    url: str
    check_path: str


def serving_apps(contract: Contract, fly: AdminApi) -> tuple[AppAddress, ...]:
    """Return the apps of a contract that have an address on this machine.

    Args:
        contract: what the stack published.
        fly: the local Fly's admin API, which knows the addresses.
    """
    apps = contract.fly.apps.values() if contract.fly is not None else ()
    paths = {app.name: path for app in apps if (path := _check_path(app)) is not None}
    if not paths:
        return ()
    urls: dict[str, str] = fly.get("addresses")["addresses"]
    return tuple(
        AppAddress(app=name, url=urls[name], check_path=path) for name, path in paths.items() if name in urls
    )


def require_answers(addresses: tuple[AppAddress, ...], clock: Clock) -> None:
    """Wait until every app has answered its health check.

    Raises:
        Unverified: one did not within half a minute; the message says what it answered instead.
    """
    deadline_s = clock.monotonic_s() + DEADLINE_S
    with httpx.Client(timeout=_TIMEOUT_S, trust_env=False) as client:
        for address in addresses:
            while (said := _ask(client, address)) is not None:
                if clock.monotonic_s() > deadline_s:
                    raise Unverified(
                        f"app {address.app!r} does not answer: {address.url}{address.check_path} {said}",
                        hint="`lifeboat cloud fault list` shows whether a fault is declared",
                    )
                clock.sleep(_POLL_S)


def _ask(client: httpx.Client, address: AppAddress) -> str | None:
    """Return what is wrong with an app's answer, None when it is well."""
    try:
        answer = client.get(f"{address.url}{address.check_path}")
    except httpx.HTTPError as error:
        return f"cannot be asked ({type(error).__name__})"
    return None if answer.status_code == _OK else f"says {answer.status_code}"


def _check_path(app: FlyApp) -> str | None:
    """Return the path of the first health check of an app that serves."""
    services: list[dict[str, Any]] = [
        service for group in app.groups.values() for service in group.config.get("services", [])
    ]
    paths = (check.get("path") for service in services for check in service.get("checks", []))
    return next((path for path in paths if path), None)
