"""The health checks a configuration asks for. Pure.

Service checks gate the proxy and deploys, top-level checks only report (fly.md 2.4). Names as Fly shows them:
`servicecheck-00-http-8080`, counted through all services, and the key of a top-level check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.fly.machines.durations import seconds_of
from localcloud.fly.wire_error import WireError

SERVICE_PREFIX = "servicecheck-"
_INTERVAL_S = 15.0
_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSpec:
    """One check; `service_port` is the internal port of the service it gates, None for a top-level check."""

    name: str
    kind: str
    port: int
    path: str
    method: str
    headers: tuple[tuple[str, str], ...]
    interval_s: float
    timeout_s: float
    grace_s: float
    service_port: int | None


def specs_of(config: Mapping[str, Any]) -> list[CheckSpec]:
    """Return every check of a configuration.

    Raises:
        WireError: 400, a check cannot be made.
    """
    try:
        return [*_service_checks(config), *_top_level_checks(config)]
    except ValueError as error:
        raise WireError(400, f"invalid_argument: config.checks: {error}") from error


def _service_checks(config: Mapping[str, Any]) -> Iterator[CheckSpec]:
    number = 0
    for service in config.get("services") or ():
        internal_port = service.get("internal_port") or 0
        for check in service.get("checks") or ():
            kind, port = check.get("type") or "tcp", check.get("port") or internal_port
            name = f"{SERVICE_PREFIX}{number:02}-{kind}-{port}"
            yield _spec(name, check, kind=kind, port=port, service_port=internal_port)
            number += 1


def _top_level_checks(config: Mapping[str, Any]) -> Iterator[CheckSpec]:
    for name, check in sorted((config.get("checks") or {}).items()):
        yield _spec(
            name, check, kind=check.get("type") or "tcp", port=check.get("port") or 0, service_port=None
        )


def _spec(
    name: str, check: Mapping[str, Any], *, kind: str, port: int, service_port: int | None
) -> CheckSpec:
    if kind not in {"http", "tcp"}:
        raise ValueError(f"{name}: type must be http or tcp, not {kind!r}")
    headers = [
        (header.get("name") or "", value)
        for header in check.get("headers") or ()
        for value in header.get("values") or ()
    ]
    return CheckSpec(
        name=name,
        kind=kind,
        port=port,
        path=check.get("path") or "/",
        method=(check.get("method") or "GET").upper(),
        headers=tuple(headers),
        interval_s=max(seconds_of(check.get("interval"), _INTERVAL_S), 0.1),
        timeout_s=max(seconds_of(check.get("timeout"), _TIMEOUT_S), 0.1),
        grace_s=seconds_of(check.get("grace_period"), 0.0),
        service_port=service_port,
    )
