"""Reads every declared value, so that all of them can be sent at once or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lifeboat.core.secret import Secret
from lifeboat.fly.provider.secrets.lookup import SourceLookup
from lifeboat.fly.provider.secrets.plan import Declared
from lifeboat.fly.provider.secrets.source import SecretSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The values by name, the version ids of those from sources, and the sources without a value."""

    values: Mapping[str, Secret]
    versions: Mapping[str, str]
    missing: tuple[str, ...]


def gather(declared: Declared, sources: SourceLookup) -> Gathered:
    """Read every value.

    Raises:
        NoRegionAnswers: no region of a source answers; nothing may be sent then.
        ConfigError: a source is refused, or not what it is declared to be.
    """
    values = {name: Secret(value) for name, value in declared.values.items()}
    versions, missing = {}, []
    for name, given in declared.sources.items():
        source = SecretSource.of(given)
        kept = sources.current(source)
        if kept is None:
            missing.append(name)
            continue
        values[name] = source.value_of(kept.value)
        versions[name] = kept.version_id
    return Gathered(values=values, versions=versions, missing=tuple(missing))
