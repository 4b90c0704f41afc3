"""What a machine's configuration says about routing: its HTTP service. Pure.

The local edge speaks plain HTTP on ports of its own, standing for ports 80 and 443: of several services the
one with such a port is meant, else the first. UDP services are not routed.
Sources: Fly's API description (`fly.MachineService`), docs `apps/concurrency`, `launch/autostop-autostart`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_WEB_PORTS = (80, 443)
_SOFT_LIMIT = 20


class Autostop(StrEnum):
    """What becomes of an idle machine."""

    OFF = "off"
    STOP = "stop"
    SUSPEND = "suspend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The routed service of a machine.

    Args:
        internal_port: port inside the machine.
        autostart: whether a request may start the machine.
        autostop: whether it is stopped for lack of requests.
        min_machines_running: how many stay running in the primary region.
        soft_limit: requests at once from which other machines are better.
        hard_limit: requests at once from which no more are sent; None without limit.
    """

    internal_port: int
    autostart: bool = True
    autostop: Autostop = Autostop.OFF
    min_machines_running: int = 0
    soft_limit: int = _SOFT_LIMIT
    hard_limit: int | None = None


def service_of(config: Mapping[str, Any]) -> Service | None:
    """Return the HTTP service of a machine configuration in Fly's form; None when it has none."""
    services = [one for one in config.get("services") or () if _is_tcp(one) and one.get("ports")]
    chosen = next((one for one in services if _is_web(one)), services[0] if services else None)
    if chosen is None or not chosen.get("internal_port"):
        return None
    limits = chosen.get("concurrency") or {}
    return Service(
        internal_port=chosen["internal_port"],
        autostart=chosen.get("autostart") is not False,
        autostop=_autostop(chosen.get("autostop")),
        min_machines_running=chosen.get("min_machines_running") or 0,
        soft_limit=limits.get("soft_limit") or limits.get("hard_limit") or _SOFT_LIMIT,
        hard_limit=limits.get("hard_limit") or None,
    )


def _is_tcp(service: Mapping[str, Any]) -> bool:
    return (service.get("protocol") or "tcp") == "tcp"


def _is_web(service: Mapping[str, Any]) -> bool:
    return any(
        web == port.get("port") or (port.get("start_port") or 1) <= web <= (port.get("end_port") or 0)
        for port in service["ports"]
        for web in _WEB_PORTS
    )


def _autostop(value: object) -> Autostop:
    """Read the text form, or the boolean that answers carry."""
    if isinstance(value, bool):
        return Autostop.STOP if value else Autostop.OFF
    return Autostop(value) if isinstance(value, str) and value in set(Autostop) else Autostop.OFF
