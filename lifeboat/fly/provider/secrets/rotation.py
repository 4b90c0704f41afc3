"""Which sources have another version than the one that was sent: what a preview shows of a rotation."""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.fly.provider.secrets.lookup import SourceLookup
from lifeboat.fly.provider.secrets.source import SecretSource
from lifeboat.providerkit.values import UNKNOWN, Properties


def rotated(
    inputs: Properties, old_inputs: Properties, sent: Mapping[str, str], sources: SourceLookup
) -> tuple[str, ...]:
    """Return the names of sources that are declared as before, and whose current version was not sent.

    A source that has lost its value is not rotated: what Fly has stays.

    Raises:
        NoRegionAnswers: no region of a source answers, so a rotation could be overlooked.
    """
    declared, before = inputs.get("sources"), old_inputs.get("sources")
    if not isinstance(declared, dict) or not isinstance(before, dict):
        return ()
    same = (name for name, given in declared.items() if given == before.get(name) and _is_known(given))
    return tuple(name for name in same if _is_new(sources, declared[name], sent.get(name)))


def _is_new(sources: SourceLookup, given: Mapping[str, object], sent: str | None) -> bool:
    current = sources.current_version(SecretSource.of(given))
    return current is not None and current != sent


def _is_known(given: object) -> bool:
    if isinstance(given, dict):
        return all(_is_known(item) for item in given.values())
    return all(_is_known(item) for item in given) if isinstance(given, list) else given is not UNKNOWN
