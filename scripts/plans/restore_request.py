"""What an operator may ask of a database restore, read strictly: a point to go back to, and a place for it.

A point is a moment with an offset, `latest`, the id of a logical backup, or the name of a snapshot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from lifeboat.core.errors import ConfigError
from scripts.backup.keys import is_backup_id
from scripts.engine.json_values import JsonObject
from scripts.engine.moments import write_moment

LATEST = "latest"
_NAME = re.compile(r"[a-z](?!.*--)[a-z0-9-]{0,61}[a-z0-9]")
# Automatic ones carry who made them: `rds:` RDS itself, `awsbackup:` AWS Backup.
_SNAPSHOT = re.compile(r"(?:[a-z]+:)?[a-z](?!.*--)[a-z0-9-]{0,253}[a-z0-9]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of a chain of automated backups; None for the newest one it reaches."""

    at: datetime | None

    def __str__(self) -> str:
        return write_moment(self.at) if self.at else LATEST


@dataclass(frozen=True, slots=True)
class SnapshotName:
    """A snapshot of RDS, automatic ones included."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class BackupId:
    """A logical copy."""

    id: str

    def __str__(self) -> str:
        return self.id


Point = Moment | SnapshotName | BackupId


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequest:
    """What was asked for.

    Args:
        point: where to go back to.
        into: name of a new instance that takes nobody's place; empty to take the primary's.
    """

    point: Point
    into: str = ""

    def to_data(self) -> JsonObject:
        """Return it as JSON, for the plan."""
        return {"to": str(self.point), "into": self.into}


def read_request(to: str, into: str, *, now: datetime) -> RestoreRequest:
    """Read what stands on the command line.

    Args:
        to: `latest`, an RFC 3339 moment with an offset, the id of a backup or the name of a snapshot.
        into: name of the new instance, or empty.
        now: the current moment.

    Raises:
        ConfigError: a local time, a moment in the future, or names that nothing can have.
    """
    if into and _NAME.fullmatch(into) is None:
        raise ConfigError(
            f"--into {into}: not a name of a database instance",
            hint="at most 63 lower-case letters, digits and single dashes, a letter first, no dash last",
        )
    point = _point(to)
    if isinstance(point, Moment) and point.at and point.at > now:
        raise ConfigError(
            f"--to {to}: lies in the future; it is {now.astimezone(UTC).isoformat(timespec='seconds')}",
            hint="`--to latest` takes the newest moment that can be restored",
        )
    return RestoreRequest(point=point, into=into)


def request_of(data: JsonObject) -> RestoreRequest:
    """Read what `RestoreRequest.to_data` returned."""
    return RestoreRequest(point=_point(str(data["to"])), into=str(data["into"]))


def _point(text: str) -> Point:
    if text == LATEST:
        return Moment(None)
    if is_backup_id(text):
        return BackupId(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        if _SNAPSHOT.fullmatch(text):
            return SnapshotName(text)
        raise ConfigError(
            f"--to {text}: neither a moment, `latest`, the id of a backup nor a name of a snapshot",
            hint="such as 2026-11-22T08:00:00Z; `lifeboat backup list` shows ids",
        ) from None
    if at.tzinfo is None:
        raise ConfigError(
            f"--to {text}: has no offset, so it says nothing about which moment is meant",
            hint=f"UTC is meant by {text}Z, another zone by {text}+02:00",
        )
    return Moment(at.astimezone(UTC))
