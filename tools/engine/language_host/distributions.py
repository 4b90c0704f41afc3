"""What is installed for an interpreter, read from the metadata on its search path instead of asking pip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions

_SEPARATORS = re.compile(r"[-_.]+")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)[^;]*(?:;(.*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One distribution: its normalised name, its version, and the names it requires."""

    name: str
    version: str
    requires: frozenset[str]


def installed(search_path: Iterable[str]) -> tuple[Installed, ...]:
    """Return every distribution on a search path, sorted by name; of two the first is the one imported."""
    found: dict[str, Installed] = {}
    for distribution in distributions(path=list(search_path)):
        name = normalised(distribution.metadata["Name"] or "")
        if name and name not in found:
            requires = frozenset(_requirements(distribution))
            found[name] = Installed(name=name, version=distribution.version, requires=requires)
    return tuple(found[name] for name in sorted(found))


def direct(everything: tuple[Installed, ...]) -> tuple[Installed, ...]:
    """Return the distributions that no other one requires."""
    required = {name for each in everything for name in each.requires if name != each.name}
    return tuple(each for each in everything if each.name not in required)


def normalised(name: str) -> str:
    """Return the form in which two spellings of a name are equal (packaging specification, PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()


def _requirements(distribution: Distribution) -> Iterator[str]:
    """Name what a distribution always requires; what an extra adds is not required by itself."""
    for line in distribution.requires or ():
        found = _REQUIREMENT.match(line)
        if found is not None and "extra" not in (found.group(2) or ""):
            yield normalised(found.group(1))
