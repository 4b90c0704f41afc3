"""What an operator may ask of a database restore, read strictly: a moment with an offset, or `latest`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from lifeboat.core.errors import ConfigError
from scripts.engine.json_values import JsonObject
from scripts.engine.moments import read_moment, write_moment

LATEST = "latest"
_NAME = re.compile(r"[a-z](?!.*--)[a-z0-9-]{0,61}[a-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequest:
    """What was asked for.

    Args:
        at: the moment to go back to; None for the latest one that can be restored.
        into: name of a new instance that takes nobody's place; empty to take the primary's.
    """

    at: datetime | None
    into: str = ""

    def to_data(self) -> JsonObject:
        """Return it as JSON, for the plan."""
        return {"to": write_moment(self.at) if self.at else LATEST, "into": self.into}


def read_request(to: str, into: str, *, now: datetime) -> RestoreRequest:
    """Read what stands on the command line.

    Args:
        to: `latest` or an RFC 3339 moment with an offset.
        into: name of the new instance, or empty.
        now: the current moment.

    Raises:
        ConfigError: a local time, a moment in the future, a backup id, or a name RDS does not take.
    """
    if into and _NAME.fullmatch(into) is None:
        raise ConfigError(
            f"--into {into}: not a name of a database instance",
            hint="at most 63 lower-case letters, digits and single dashes, a letter first, no dash last",
        )
    if to == LATEST:
        return RestoreRequest(at=None, into=into)
    at = _moment(to)
    if at > now:
        raise ConfigError(
            f"--to {to}: lies in the future; it is {now.astimezone(UTC).isoformat(timespec='seconds')}",
            hint="`--to latest` takes the newest moment that can be restored",
        )
    return RestoreRequest(at=at, into=into)


def request_of(data: JsonObject) -> RestoreRequest:
    """Read what `RestoreRequest.to_data` returned."""
    to = str(data["to"])
    return RestoreRequest(at=None if to == LATEST else read_moment(to), into=str(data["into"]))


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(
            f"--to {text}: neither a moment nor `latest`",
            hint="such as 2026-11-22T08:00:00Z; a restore by the id of a backup is not there yet",
        ) from None
    if at.tzinfo is None:
        raise ConfigError(
            f"--to {text}: has no offset, so it says nothing about which moment is meant",
            hint=f"UTC is meant by {text}Z, another zone by {text}+02:00",
        )
    return at.astimezone(UTC)
