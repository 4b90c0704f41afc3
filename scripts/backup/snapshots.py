"""Our own snapshots of the primary: which are ours, which was left half-made, which may go; pure.

Ours is what has our tag, our kind of name, and was not taken by RDS itself. Everything else is somebody
else's and never touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scripts.backup.retention import Kept, Retention, judge
from scripts.observe.snapshots import SeenCopy

TAG = "lifeboat:backup"
COPIED_TAG = "lifeboat:backup-copied"
"""Put on the one at home once its copy was seen: whoever made it is through with it."""
PRODUCT_TAG, ENVIRONMENT_TAG = "product", "environment"
UNFINISHED_FOR = timedelta(hours=20)
"""A half-made one is taken up again for so long; a later run takes one of its own day."""

_AVAILABLE, _FAILED = "available", frozenset({"failed", "error", "incompatible-restore"})
_NAME = re.compile(r"(?P<base>.+)-backup-(?P<at>\d{8}-\d{6})")
_LONGEST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose snapshots: a product's environment."""

    product: str
    environment: str

    @property
    def tags(self) -> dict[str, str]:
        """What each of them carries."""
        return {PRODUCT_TAG: self.product, ENVIRONMENT_TAG: self.environment, TAG: self.environment}

    def owns(self, copy: SeenCopy) -> bool:
        """Tell whether a snapshot is one of these."""
        has_tags = all(copy.tags.get(name) == value for name, value in self.tags.items())
        return has_tags and not copy.is_automatic and _NAME.fullmatch(copy.name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotVerdict:
    """What becomes of a snapshot in one region, and why."""

    copy: SeenCopy
    keep: bool
    reason: str


def new_name(identifier: str, at: datetime) -> str:
    """Return the name of a snapshot begun at a moment."""
    mark = f"-backup-{at.astimezone(UTC):%Y%m%d-%H%M%S}"
    return identifier[: _LONGEST - len(mark)] + mark


def begun_at(copy: SeenCopy) -> datetime:
    """Return when one of ours was begun, from its name: RDS tells it only once it is there."""
    found = _NAME.fullmatch(copy.name)
    if found is None:
        return copy.taken_at or datetime.min.replace(tzinfo=UTC)
    try:
        return datetime.strptime(found["at"], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def unfinished(home: Sequence[SeenCopy], *, identifier: str, now: datetime) -> str:
    """Return the name of the newest one whose maker did not see it through; empty when there is none.

    Args:
        home: ours in the region of the primary.
        identifier: the primary's.
        now: moment of the asking.
    """
    mine = [
        each for each in home if each.name.startswith(f"{identifier}-backup-") and each.status not in _FAILED
    ]
    newest = max(mine, key=begun_at, default=None)
    if newest is None or now - begun_at(newest) > UNFINISHED_FOR:
        return ""
    return "" if COPIED_TAG in newest.tags else newest.name


def decide_snapshots(
    copies: Sequence[SeenCopy], retention: Retention, now: datetime, *, held_by: str = ""
) -> tuple[SnapshotVerdict, ...]:
    """Decide about our snapshots in one region; the other region's count there.

    Args:
        copies: ours, in any order.
        retention: how long.
        now: moment of the decision.
        held_by: why none may go now; empty when that is not so.
    """
    ordered = sorted(copies, key=lambda each: (begun_at(each), each.name), reverse=True)
    kept = [
        Kept(
            id=each.name,
            ended_at=begun_at(each),
            counts=each.status == _AVAILABLE,
            needed_by=held_by or ("" if _is_settled(each) else f"is {each.status}"),
        )
        for each in ordered
    ]
    return tuple(
        SnapshotVerdict(copy=copy, keep=keep, reason=reason)
        for copy, (keep, reason) in zip(ordered, judge(kept, retention, now), strict=True)
    )


def is_available(copy: SeenCopy | None) -> bool:
    """Tell whether a snapshot can be restored."""
    return copy is not None and copy.status == _AVAILABLE


def has_failed(copy: SeenCopy | None) -> bool:
    """Tell whether a snapshot will never be there."""
    return copy is not None and copy.status in _FAILED


def _is_settled(copy: SeenCopy) -> bool:
    return copy.status == _AVAILABLE or copy.status in _FAILED
