"""A made-up fleet of any size, for measuring the planner: nothing in it exists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lifeboat.fly.provider.groups.blueprint import Blueprint
from lifeboat.fly.provider.groups.desired import Desired
from lifeboat.fly.provider.groups.marks import Marks
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.slot import Slot

REGIONS = ("ams", "fra", "iad", "lax", "lhr", "nrt", "ord", "sin", "sjc", "syd")
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def specimen(machines: int) -> tuple[Desired, tuple[Member, ...]]:
    """Return a declared group over ten regions and its machines, all of them one image behind.

    Args:
        machines: how many, a multiple of ten.

    Returns:
        The group as declared, and what is there: planning it yields one update per machine.
    """
    new = _desired(machines, "v2")
    old = Blueprint(_desired(machines, "v1"))
    members = (
        _member(number, slot, old.config(slot, Role.ACTIVE)) for number, slot in enumerate(new.slots())
    )
    return new, tuple(members)


def _desired(machines: int, version: str) -> Desired:
    return Desired(
        urn="urn:pulumi:local::lifeboat::fly:index:MachineGroup::web",
        app="fleet",
        group="web",
        config=_config(version),
        regions=dict.fromkeys(REGIONS, machines // len(REGIONS)),
    )


def _config(version: str) -> dict[str, Any]:
    check = {"type": "http", "port": 8080, "path": "/health/ready", "interval": "10s", "timeout": "2s"}
    return {
        "image": f"registry.fly.io/fleet:{version}",
        "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256},
        "env": {"LOG_LEVEL": "info"},
        "services": [
            {
                "protocol": "tcp",
                "internal_port": 8080,
                "autostop": "off",
                "ports": [{"port": 80, "handlers": ["http"]}, {"port": 443, "handlers": ["tls", "http"]}],
                "checks": [check],
            }
        ],
    }


def _member(number: int, slot: Slot, config: dict[str, Any]) -> Member:
    return Member(
        id=f"{number:014x}",
        name=slot.machine_name("web"),
        region=slot.region,
        state="started",
        instance_id=f"01SPECIMEN{number:016d}",
        host_status="ok",
        cordoned=False,
        created_at=_EPOCH,
        config=config,
        image_digest="",
        checks_passing=True,
        marks=Marks.read(config["metadata"]),
    )
