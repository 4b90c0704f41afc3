"""What tests do and see behind the API: faults of databases, their servers' directories and processes."""

from __future__ import annotations

from pathlib import Path

import httpx

from localcloud.postgres.processes import kill_all, processes_of
from tests.localcloud_aws.rds_world import HOME
from tests.localcloud_aws.real_cloud import RealCloud


def strike(cloud: RealCloud, kind: str, name: str, region: str = HOME, **options: object) -> None:
    """Declare a fault of a database."""
    fault = {"kind": kind, "region": region, "identifier": name, **options}
    httpx.post(f"{cloud.service.url}/_lifeboat/faults", json=fault, timeout=60).raise_for_status()


def forget_faults(cloud: RealCloud) -> None:
    """Take every fault of databases back."""
    httpx.delete(f"{cloud.service.url}/_lifeboat/faults", timeout=60).raise_for_status()


def cut_regions(cloud: RealCloud) -> list[str]:
    """Return the regions that the databases' service holds for lost."""
    return list(httpx.get(f"{cloud.service.url}/overview", timeout=60).json()["cut_regions"])


def servers_of(cloud: RealCloud, resource_id: str) -> int:
    """Return how many servers run for a database."""
    return sum(1 for data in _places(cloud, resource_id) if processes_of(data))


def has_standby(cloud: RealCloud, resource_id: str) -> bool:
    """Tell whether a database has a standby with every acknowledged write."""
    instance = cloud.service.data / "instances" / resource_id
    return any(instance.glob("*.has-everything"))


def kill_standby(cloud: RealCloud, resource_id: str) -> None:
    """Kill a database's standby."""
    (standby,) = (data for data in _places(cloud, resource_id) if (data / "standby.signal").exists())
    kill_all(standby)


def _places(cloud: RealCloud, resource_id: str) -> list[Path]:
    return [file.parent for file in (cloud.service.data / "instances" / resource_id).glob("*/PG_VERSION")]
