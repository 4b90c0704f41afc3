"""What exists from the start: organisations and hosts, the same for the same seed.

Four hosts per region, each a zone of its own, with room for a large fleet: a lack of capacity is declared
as a fault or follows from what was placed, never from a small default.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from localcloud.fly.ids import Ids
from localcloud.fly.model import Host, Organization
from localcloud.fly.regions import LIVING
from localcloud.fly.world import Records

ORGANIZATIONS = ("lifeboat", "personal")
HOSTS_PER_REGION = 4
_CPUS = 512
_MEMORY_MB = 1_048_576
_VOLUME_GB = 20_000


def initial_records(seed: str, organizations: Iterable[str] = ()) -> Records:
    """Return the records of an empty cloud.

    Args:
        seed: what identifiers are derived from.
        organizations: slugs that exist beside `lifeboat` and `personal`.
    """
    slugs = dict.fromkeys((*ORGANIZATIONS, *organizations))
    return Records(
        ids=Ids(seed=seed),
        organizations={slug: new_organization(slug) for slug in slugs},
        hosts={host.id: host for code in LIVING for host in _hosts(seed, code)},
    )


def new_organization(slug: str) -> Organization:
    """Return an organisation named by its slug; its number follows from the slug."""
    number = int.from_bytes(hashlib.sha256(slug.encode()).digest()[:3], "big") + 100_000
    return Organization(slug=slug, name=slug.replace("-", " ").title(), internal_numeric_id=number)


def _hosts(seed: str, region: str) -> list[Host]:
    return [
        Host(
            id=_host_id(seed, region, number),
            region=region,
            zone=f"{region}-{number + 1}",
            cpus=_CPUS,
            memory_mb=_MEMORY_MB,
            volume_gb=_VOLUME_GB,
        )
        for number in range(HOSTS_PER_REGION)
    ]


def _host_id(seed: str, region: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{region}:{number}".encode()).hexdigest()[:4] + f"-{region}-{number}"
