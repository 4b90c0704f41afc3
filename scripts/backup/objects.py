"""Objects of a bucket against the rows of a backup: what belongs to its moment, what is on one side only.

Rows and objects are written by different services, so at no moment do they agree by themselves. A backup
names the moment behind which a version of an object does not belong to its rows; this compares them, and
changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectVersion:
    """One version of an object, or the mark of its removal.

    Args:
        written_at: as the store says it, in whole seconds.
        is_removal: whether it is a delete marker.
    """

    key: str
    version_id: str
    written_at: datetime
    is_removal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectReport:
    """What a bucket holds against what rows name.

    Args:
        belonging: the version of each object that belongs to the moment, by key.
        orphans: objects of the moment that no row names.
        missing: keys that rows name and that had no object at the moment.
        later: keys that were first written after it.
        bring_back: version to bring back of objects that were overwritten or removed since, by key.
    """

    belonging: dict[str, str]
    orphans: tuple[str, ...]
    missing: tuple[str, ...]
    later: tuple[str, ...]
    bring_back: dict[str, str]

    @property
    def problem(self) -> str:
        """Say what does not fit; empty when rows and objects do."""
        parts = (
            f"{len(self.missing)} keys that rows name have no object" if self.missing else "",
            f"{len(self.orphans)} objects are named by no row" if self.orphans else "",
        )
        return "; ".join(part for part in parts if part)


def compare_objects(
    versions: Iterable[ObjectVersion], cut_off_at: datetime, named: frozenset[str] | None
) -> ObjectReport:
    """Return how objects and rows of a moment fit.

    Args:
        versions: every version of every object, removals too.
        cut_off_at: the moment; what was written in its second counts as of before.
        named: the keys that rows name; None when nobody knows, and then nothing is an orphan or missing.
    """
    by_key: defaultdict[str, list[ObjectVersion]] = defaultdict(list)
    for version in versions:
        by_key[version.key].append(version)
    belonging, later, bring_back = {}, [], {}
    for key, every in sorted(by_key.items()):
        # Within one second the store lists the newest first, and a removal follows what it removes.
        in_order = sorted(reversed(every), key=lambda version: (version.written_at, version.is_removal))
        before = [version for version in in_order if version.written_at <= cut_off_at]
        if not before:
            later.append(key)
        elif not before[-1].is_removal:
            belonging[key] = before[-1].version_id
            if in_order[-1] is not before[-1]:
                bring_back[key] = before[-1].version_id
    known = frozenset(belonging) if named is None else named
    return ObjectReport(
        belonging=belonging,
        orphans=tuple(sorted(frozenset(belonging) - known)),
        missing=tuple(sorted(known - frozenset(belonging))),
        later=tuple(later),
        bring_back=bring_back,
    )
