"""A machine's configuration as the server keeps it: defaults filled in, old spellings made new. Pure.

Clients must not take what is filled in for drift. `services[].autostop` is kept as answers carry it: a
boolean for off and stop, a text only for suspend (Fly's description).
"""

from __future__ import annotations

import copy
from typing import Any

from localcloud.fly.machines.durations import seconds_of
from localcloud.fly.machines.guests import DEFAULT_SIZE, check_guest, guest_of_size
from localcloud.fly.machines.restart_policy import DEFAULT_MAX_RETRIES
from localcloud.fly.machines.signals import stop_signal
from localcloud.fly.openapi.known_fields import known_fields
from localcloud.fly.wire_error import NotImplementedHere, WireError

STOP_TIMEOUT_S = 5.0
_AUTOSTOP: dict[Any, bool | str] = {
    "off": False,
    "stop": True,
    "suspend": "suspend",
    True: True,
    False: False,
}
_POLICIES = ("no", "always", "on-failure")


def complete(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration with all the server adds and nothing it does not know; the given one stays.

    Raises:
        WireError: 400, the configuration cannot be run.
    """
    full: dict[str, Any] = known_fields("fly.MachineConfig", copy.deepcopy(config))
    _refuse_unbuilt(full)
    if not full.get("image"):
        raise WireError(400, "invalid_argument: config.image is required")
    full["guest"] = _guest(full)
    full["init"] = full.get("init") or {}
    full["restart"] = _restart(full.get("restart") or {})
    full["stop_config"] = _stop_config(full.get("stop_config") or {})
    for service in full.get("services") or ():
        _complete_service(service)
    if len(full.get("mounts") or ()) > 1:
        raise WireError(400, "invalid_argument: only one volume can be mounted on a machine")
    full["metadata"] = {key: value for key, value in (full.get("metadata") or {}).items() if value}
    return full


def _refuse_unbuilt(config: dict[str, Any]) -> None:
    if config.get("containers"):
        raise NotImplementedHere("config.containers")
    if (config.get("rootfs") or {}).get("persist") in {"always", "restart"}:
        raise NotImplementedHere("config.rootfs.persist")


def _guest(config: dict[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in (config.get("guest") or {}).items() if value not in (None, 0, "")}
    size = config.pop("size", "") or DEFAULT_SIZE
    kind, cpus = given.get("cpu_kind", "shared"), given.get("cpus", 1)
    base = guest_of_size(size) if not given else {}
    least_mb = 256 if kind == "shared" else 2048
    guest = {"cpu_kind": kind, "cpus": cpus, "memory_mb": cpus * least_mb, **base, **given}
    check_guest(guest)
    return guest


def _restart(given: dict[str, Any]) -> dict[str, Any]:
    policy = given.get("policy") or "on-failure"
    if policy not in _POLICIES:
        raise WireError(400, f"invalid_argument: invalid config.restart.policy {policy!r}")
    if policy != "on-failure":
        return {**given, "policy": policy}
    return {**given, "policy": policy, "max_retries": given.get("max_retries") or DEFAULT_MAX_RETRIES}


def _stop_config(given: dict[str, Any]) -> dict[str, Any]:
    stop_signal(given.get("signal"))
    full = {**given, "signal": given.get("signal") or "SIGINT", "timeout": given.get("timeout") or "5s"}
    try:
        seconds_of(full["timeout"], STOP_TIMEOUT_S)
    except ValueError as error:
        raise WireError(400, f"invalid_argument: config.stop_config.timeout: {error}") from error
    return full


def _complete_service(service: dict[str, Any]) -> None:
    service["protocol"] = service.get("protocol") or "tcp"
    service.setdefault("force_instance_key", None)
    if service["force_instance_key"] is None:
        del service["force_instance_key"]
    if service.get("autostop") is None:
        service.pop("autostop", None)
        return
    if service["autostop"] not in _AUTOSTOP:
        raise WireError(400, f"invalid_argument: invalid services.autostop {service['autostop']!r}")
    service["autostop"] = _AUTOSTOP[service["autostop"]]
