"""What Fly's words mean under the statuses that have several causes: 409, 412 and lack of room.

Each phrase is one seen in production and is matched only under the statuses it was seen with: a 500 that
quotes "no capacity" is an outage, and a generic constraint violation is no taken name.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from lifeboat.fly.client import errors
from lifeboat.fly.client.errors import CapacityScope, FlyError, Origin

_QUOTA = re.compile(r"over the allowed quota|has reached its machine limit", re.IGNORECASE)
_HOST = re.compile(
    r"insufficient (cpus|memory|ips|resources) available|could not reserve resource for machine"
    r"|deploys to this host are temporarily disabled",
    re.IGNORECASE,
)
_VOLUME = re.compile(r"insufficient resources to create new machine with existing volume", re.IGNORECASE)
_REGION = re.compile(r"could not find a candidate host|(^|: )no capacity\b", re.IGNORECASE)

_CAPACITY: tuple[tuple[frozenset[int], re.Pattern[str], CapacityScope], ...] = (
    (frozenset({403, 422}), _QUOTA, CapacityScope.QUOTA),
    (frozenset({412, 422}), _VOLUME, CapacityScope.VOLUME),
    (frozenset({409, 422}), _HOST, CapacityScope.HOST),
    (frozenset({400, 409, 422}), _REGION, CapacityScope.REGION),
)

_LEASE = re.compile(r"lease currently held by (?P<owner>\S+?),? expires at (?P<at>\S+)", re.IGNORECASE)
_NAME = re.compile(r"unique machine name violation")
_NAMED = re.compile(r"machine ID (?P<id>[0-9a-zA-Z]+) already exists")
_ACTIVE = re.compile(
    r"still active, refusing to start|getting replaced|still attempting to start|still replacing",
    re.IGNORECASE,
)
_ATTACHED = re.compile(
    r"volume.*(already|currently) (attached|in use|mounted|bound)|volume.*is attached", re.IGNORECASE
)
_VERSION = re.compile(
    r"version.*(mismatch|does not match|is not current)|(mismatch|stale).*version", re.IGNORECASE
)


def capacity_scope(status: int, said: str, code: str) -> CapacityScope | None:
    """Say how far one has to go for room, None when the words are not about room.

    Args:
        status: HTTP status.
        said: Fly's words.
        code: the body's `status`; any code outranks the words.
    """
    if code:
        return None
    for statuses, phrase, scope in _CAPACITY:
        if status in statuses and phrase.search(said):
            return scope
    return None


def conflict(message: str, origin: Origin, *, of_machine: bool) -> FlyError | None:
    """Return what a 409 that is not about room means; None when it is none of the known causes.

    Args:
        message: the error's sentence.
        origin: carries Fly's words.
        of_machine: whether the call was about one machine; its unknown conflicts mean "read it again".
    """
    if lease := _LEASE.search(origin.said):
        at = moment(lease["at"].rstrip(".,"))
        return errors.FlyLeaseHeld(message, owner=lease["owner"], expires_at=at, origin=origin)
    if _NAME.search(origin.said):
        named = _NAMED.search(origin.said)
        return errors.MachineNameTaken(message, machine_id=named["id"] if named else "", origin=origin)
    if "lease" in origin.said.lower():
        return errors.FlyLeaseHeld(message, origin=origin)
    return errors.StaleVersion(message, origin=origin) if of_machine else None


def precondition(message: str, origin: Origin) -> FlyError:
    """Return what a 412 that is not about room means."""
    if _ACTIVE.search(origin.said):
        return errors.StillActive(message, origin=origin)
    if _ATTACHED.search(origin.said):
        return errors.VolumeInUse(message, origin=origin)
    if _VERSION.search(origin.said):
        return errors.StaleVersion(message, origin=origin)
    return errors.PreconditionFailed(message, origin=origin)


def moment(text: str) -> datetime | None:
    """Read an RFC 3339 moment as UTC; None when it is none (Go prints more digits than Python reads)."""
    trimmed = re.sub(r"(\.\d{6})\d+", r"\1", text)
    try:
        found = datetime.fromisoformat(trimmed)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
