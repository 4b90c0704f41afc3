"""Builds the machine config of a process group, in Fly's own words (`fly.MachineConfig` of its API).

What flyctl and the provider need on every machine (owner mark, platform version, process group) is the
provider's to add; here is what the environment says.
"""

from __future__ import annotations

from typing import Any

from infra.config import EnvironmentConfig
from infra.config.fly import App, Group, Service
from lifeboat.fly.rules.guests import PRESETS

Json = dict[str, Any]


def machine_config(config: EnvironmentConfig, app: App, group: Group) -> Json:
    """Return the config of a group's machines."""
    found: Json = {
        "image": app.image,
        "guest": _guest(group),
        "env": _environment(config, app, group),
        "restart": {"policy": "on-failure", "max_retries": 10},
        # Long enough for requests under way to end, short enough for a roll-out of many machines.
        "stop_config": {"signal": "SIGINT", "timeout": "10s"},
    }
    if group.command:
        found["init"] = {"cmd": list(group.command)}
    if group.service is not None:
        found["services"] = [_service(group.service)]
    if group.volume is not None:
        found["mounts"] = [{"name": group.volume.name, "path": group.volume.path}]
    return found


def _guest(group: Group) -> Json:
    preset = PRESETS[group.size]
    return {
        "cpu_kind": preset.cpu_kind,
        "cpus": preset.cpus,
        "memory_mb": preset.memory_mb if group.memory_mib is None else group.memory_mib,
    }


def _environment(config: EnvironmentConfig, app: App, group: Group) -> dict[str, str]:
    topology = config.topology
    pool = config.database.pool if config.database is not None else None
    return {
        **app.env,
        **group.env,
        "PRIMARY_REGION": topology.fly_regions[topology.primary_region],
        **({"DATABASE_POOL_MIN": str(pool.min), "DATABASE_POOL_MAX": str(pool.max)} if pool else {}),
    }


def _service(service: Service) -> Json:
    return {
        "protocol": "tcp",
        "internal_port": service.internal_port,
        "autostop": service.autostop.value,
        "autostart": True,
        "min_machines_running": service.min_running,
        "ports": [
            {"port": 80, "handlers": ["http"], "force_https": True},
            {"port": 443, "handlers": ["http", "tls"]},
        ],
        "concurrency": {
            "type": "requests",
            "soft_limit": service.soft_limit,
            "hard_limit": service.hard_limit,
        },
        "checks": [
            {
                "type": "http",
                "port": service.internal_port,
                "method": "GET",
                "path": service.check_path,
                "interval": f"{service.check_interval_s}s",
                "timeout": f"{service.check_timeout_s}s",
                "grace_period": f"{service.check_grace_s}s",
            }
        ],
    }
