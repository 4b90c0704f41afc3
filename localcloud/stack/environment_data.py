"""What the local cloud has to know of an environment's data; checking that data is the program's task."""

from __future__ import annotations

import yaml

from lifeboat.core.identity import environment_of
from localcloud.stack.home import LocalHome

TOPOLOGY = "lifeboat:topology"
FLY = "lifeboat:fly"


def home_region(stack: str, home: LocalHome) -> str | None:
    """Return the first region of a stack's topology, None when the data does not say it."""
    regions = _part(_section(stack, home, TOPOLOGY), "regions")
    first = regions[0] if isinstance(regions, list) and regions else None
    return first if isinstance(first, str) else None


def fly_organization(stack: str, home: LocalHome) -> str | None:
    """Return the Fly organisation of a stack's apps, None when the data does not say it."""
    organization = _part(_section(stack, home, FLY), "organization")
    return organization if isinstance(organization, str) else None


def _section(stack: str, home: LocalHome, name: str) -> object:
    path = home.settings(environment_of(stack))
    if not path.exists():
        return None
    try:
        data = yaml.safe_load(path.read_text())
    except yaml.YAMLError:
        # The program reads the same file and says what is wrong with it, line and column.
        return None
    return _part(_part(data, "config"), name)


def _part(data: object, key: str) -> object:
    return data.get(key) if isinstance(data, dict) else None
