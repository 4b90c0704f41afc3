"""The home region of an environment, as far as its data says it; checking that data is the program's task."""

from __future__ import annotations

import yaml

from lifeboat.core.identity import environment_of
from localcloud.stack.home import LocalHome

TOPOLOGY = "lifeboat:topology"


def home_region(stack: str, home: LocalHome) -> str | None:
    """Return the first region of a stack's topology, None when the data does not say it."""
    path = home.settings(environment_of(stack))
    if not path.exists():
        return None
    try:
        data = yaml.safe_load(path.read_text())
    except yaml.YAMLError:
        # The program reads the same file and says what is wrong with it, line and column.
        return None
    topology = _part(_part(data, "config"), TOPOLOGY)
    regions = _part(topology, "regions")
    first = regions[0] if isinstance(regions, list) and regions else None
    return first if isinstance(first, str) else None


def _part(data: object, key: str) -> object:
    return data.get(key) if isinstance(data, dict) else None
