"""What has to be sent to an app for its secrets to be as declared. Pure; knows no value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lifeboat.providerkit.values import Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The declared secrets: inputs of sources, and values, by name of the app secret."""

    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, inputs: Properties) -> Declared:
        """Read inputs."""
        return cls(sources=inputs.get("sources") or {}, values=inputs.get("values") or {})

    @property
    def names(self) -> frozenset[str]:
        """Every managed name."""
        return frozenset((*self.sources, *self.values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the state knows of an earlier write: digests and source versions by name."""

    declared: Declared = field(default_factory=Declared)
    digests: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsPlan:
    """Names to send and names to remove."""

    send: frozenset[str]
    remove: frozenset[str]


def plan_secrets(
    declared: Declared, known: Known, current: Mapping[str, str], on_fly: Mapping[str, str]
) -> SecretsPlan:
    """Decide what to send.

    Args:
        declared: what is wanted.
        known: what was sent before.
        current: current version ids of the sources that have a value.
        on_fly: Fly's digests of all secrets the app has, by name.

    Returns:
        Only what differs; a secret that somebody else changed on Fly is sent again, and a source without a
        value is left as it is.
    """
    send = {
        name
        for name in declared.names
        if _can_be_sent(name, declared, current)
        and (_changed(name, declared, known, current) or on_fly.get(name) != known.digests.get(name, ""))
    }
    remove = (known.declared.names - declared.names) & on_fly.keys()
    return SecretsPlan(send=frozenset(send), remove=frozenset(remove))


def _can_be_sent(name: str, declared: Declared, current: Mapping[str, str]) -> bool:
    return name in declared.values or name in current


def _changed(name: str, declared: Declared, known: Known, current: Mapping[str, str]) -> bool:
    if name in declared.values:
        return known.declared.values.get(name) != declared.values[name]
    return (
        known.declared.sources.get(name) != declared.sources[name]
        or known.versions.get(name) != current[name]
    )
