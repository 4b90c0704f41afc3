"""The ladder of verification, and what several records prove together.

    L0  it exists and is complete     every object the manifest names is there with its size
    L1  it is unaltered               SHA-256 of every part
    L2  it decodes                    every frame, every file to its end, `pg_restore` reads all of it
    L3  it restores                   on a throw-away server
    L4  it is right                   amcheck, row counts, sequences; the newest heartbeat tells the data loss
    L5  the app answers               run against the throw-away server, with the secrets of the backup

Nothing above the level that was reached is claimed. A rotation reads the n-th of t shares of all parts; when
every share has been read, all of it has, which is level 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, ValidationError

from lifeboat.core.errors import ConfigError
from scripts.backup.sealed import BackupUnreadable, Piece, decode


class Level(IntEnum):
    """How much is proven of a backup."""

    EXISTS = 0
    UNALTERED = 1
    DECODES = 2
    RESTORES = 3
    RIGHT = 4
    ANSWERS = 5

    @property
    def short(self) -> str:
        """Its short name."""
        return f"L{self.value}"


class Share(Piece):
    """The n-th of t shares of all parts."""

    number: Annotated[int, Field(ge=1)]
    of: Annotated[int, Field(ge=1, le=1000)]

    def takes(self, index: int) -> bool:
        """Tell whether the part at an index (from 0) belongs to it."""
        return index % self.of == self.number - 1


class VerificationRecord(Piece):
    """What one verification found, written beside the manifest.

    Args:
        reached: highest level that holds; None when not even the first does.
        asked: level that was asked for.
        share: of a rotation; such a record proves its share alone.
        problems: what is wrong with the backup; any means that it is damaged.
        not_done: what could not be looked at here, and why; says nothing about the backup.
        data_loss_s: age of the newest heartbeat row at the snapshot's moment, if there is one.
        parts_read: how many parts were read.
        app_answered: whether the app answered; None when it was not tried.
        accepted_shrink: why it is right that it is much smaller than the one before, when somebody said so.
    """

    backup_id: str
    at: AwareDatetime
    by: str
    asked: Level
    reached: Level | None
    share: Share | None = None
    problems: list[str] = Field(default_factory=list)
    not_done: list[str] = Field(default_factory=list)
    data_loss_s: float | None = None
    parts_read: int = 0
    taken_s: float = 0.0
    tools: dict[str, str] = Field(default_factory=dict)
    accepted_shrink: str = ""
    app_answered: bool | None = None


def parse_record(body: bytes, source: str) -> VerificationRecord:
    """Read a record of verification.

    Raises:
        BackupUnreadable: damaged, altered or of another shape.
    """
    try:
        return VerificationRecord.model_validate(decode(body, source))
    except ValidationError as error:
        raise BackupUnreadable(f"{source}: not a record of verification") from error


def parse_share(text: str) -> Share:
    """Read a share such as `2/7`.

    Raises:
        ConfigError: not one.
    """
    number, slash, of = text.partition("/")
    try:
        share = Share(number=int(number), of=int(of))
    except ValueError:
        share = None
    if share is None or not slash or share.number > share.of:
        raise ConfigError(f"{text!r} is not a share", hint="write n/t, such as 2/7, with 1 <= n <= t <= 1000")
    return share


def proven(records: Sequence[VerificationRecord]) -> tuple[Level | None, bool]:
    """Return the highest level that records prove together, and whether the newest look found damage.

    Damage found counts until a later look at the same or a higher level finds none: what is broken does not
    heal, but a network does.
    """
    ordered = sorted(records, key=lambda record: record.at)
    damage = [record for record in ordered if record.problems]
    last = damage[-1] if damage else None
    sound = [record for record in ordered if not record.problems and (last is None or record.at > last.at)]
    cleared = last is None or any(record.share is None and _covers(record, last) for record in sound)
    if not cleared:
        return (None if last is None or last.share is not None else last.reached), True
    levels = [record.reached for record in sound if record.share is None and record.reached is not None]
    if _rotated(sound):
        levels.append(Level.UNALTERED)
    return (max(levels) if levels else None), False


def _covers(record: VerificationRecord, damage: VerificationRecord) -> bool:
    sound = Level.EXISTS if damage.share is not None else damage.reached
    failed_at = 0 if sound is None else sound + 1
    return record.reached is not None and record.reached >= failed_at


def _rotated(records: Iterable[VerificationRecord]) -> bool:
    seen: defaultdict[int, set[int]] = defaultdict(set)
    for record in records:
        if record.share is not None:
            seen[record.share.of].add(record.share.number)
    return any(len(numbers) == of for of, numbers in seen.items())
