"""Which differences of two declared configurations mean anything. Pure.

Two spellings of one configuration do not differ, and what deploys own does not count.
"""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.fly.provider.owner import Owner
from lifeboat.fly.rules.normalise import same_config
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.requests import ChangeKind
from lifeboat.providerkit.values import Properties


def meaningful(
    changes: Mapping[Path, ChangeKind], old: Properties, new: Properties
) -> dict[Path, ChangeKind]:
    """Return the changes without those of `config` that mean nothing."""
    one, other = old.get("config"), new.get("config")
    if isinstance(one, Mapping) and isinstance(other, Mapping) and same_config(one, other):
        return {path: kind for path, kind in changes.items() if path[0] != "config"}
    if new.get("owner") != Owner.DEPLOY:
        return dict(changes)
    return {path: kind for path, kind in changes.items() if not _is_deploys(path)}


def _is_deploys(path: Path) -> bool:
    match path:
        case ("config", "image"):
            return True
        case ("config", "env", str(name)):
            return name.startswith("FLY_")
        case ("config", "metadata", str(name)):
            return name.startswith("fly_")
    return False
