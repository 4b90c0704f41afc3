"""Memory, processors and default connections of an RDS instance class, derived from its name.

Alarms on percentages need the amounts. Source: RDS user guide, "DB instance classes": in the general-purpose
and memory-optimised families the amounts follow from family letter and size; `max_connections` of PostgreSQL
defaults to LEAST(memory bytes / 9531392, 5000).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CLASS = re.compile(r"db\.(?:(t)(3|4g)|([mr])\d+[a-z]*)\.([a-z0-9]+)")
_BURSTABLE_GIB = {"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32}
_BURSTABLE_VCPUS = {"micro": 2, "small": 2, "medium": 2, "large": 2, "xlarge": 4, "2xlarge": 8}
_VCPUS = {"large": 2, "xlarge": 4, **{f"{n}xlarge": 4 * n for n in (2, 4, 8, 12, 16, 24, 32, 48)}}
_GIB_PER_VCPU = {"m": 4, "r": 8}
_BYTES_PER_CONNECTION = 9531392
_MOST_CONNECTIONS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceClass:
    """What an instance of a class has."""

    name: str
    vcpus: int
    memory_gib: int
    burstable: bool

    @property
    def default_connections(self) -> int:
        """RDS's default of `max_connections` for PostgreSQL."""
        return min(self.memory_gib * 1024**3 // _BYTES_PER_CONNECTION, _MOST_CONNECTIONS)


def parse_instance_class(text: str) -> InstanceClass:
    """Read a class such as `db.t4g.medium` or `db.r7g.2xlarge`.

    Raises:
        ValueError: not a class of the t3, t4g, m or r families, or not a size of its family.
    """
    found = _CLASS.fullmatch(text)
    if found is None:
        msg = "must be a class of the t3, t4g, m or r families, such as db.t4g.medium"
        raise ValueError(msg)
    size = found[4]
    sizes = _BURSTABLE_VCPUS if found[1] else _VCPUS
    if size not in sizes:
        msg = f"has no size {size!r}; sizes are {', '.join(sizes)}"
        raise ValueError(msg)
    vcpus = sizes[size]
    memory_gib = _BURSTABLE_GIB[size] if found[1] else vcpus * _GIB_PER_VCPU[found[3]]
    return InstanceClass(name=text, vcpus=vcpus, memory_gib=memory_gib, burstable=bool(found[1]))
