"""What a mount needs beyond its shape: one volume per machine, given by id or by name.

Source: docs `volumes/overview`: a machine mounts at most one volume, a volume serves at most one machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifeboat.fly.rules.problem import Problem
from lifeboat.fly.rules.service_rules import mappings_of
from lifeboat.providerkit.paths import Path

VOLUME_ID_PREFIX = "vol_"


def mount_problems(config: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the mounts of a config."""
    mounts = config.get("mounts")
    if isinstance(mounts, list | tuple) and len(mounts) > 1:
        yield Problem(path=("mounts",), reason=f"a machine mounts one volume, not {len(mounts)}")
    for at, mount in mappings_of(mounts, ("mounts",)):
        yield from _source(mount, at)
        if mount.get("add_size_gb") and mount.get("add_size_percent"):
            yield Problem(
                path=(*at, "add_size_percent"), reason="give either add_size_gb or add_size_percent"
            )


def _source(mount: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    volume = mount.get("volume")
    if volume in (None, "") and mount.get("name") in (None, ""):
        yield Problem(path=(*at, "volume"), reason="is missing: a mount needs a volume id or a name")
    elif isinstance(volume, str) and volume and not volume.startswith(VOLUME_ID_PREFIX):
        yield Problem(
            path=(*at, "volume"),
            reason=f"{volume!r} is no volume id ({VOLUME_ID_PREFIX}...); a name goes into 'name'",
        )
