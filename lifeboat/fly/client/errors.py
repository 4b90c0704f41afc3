"""What can go wrong when talking to Fly.io, as one tree; decide on these classes, never on text.

    FlyError                    status, request_id, operation, said (Fly's own words)
    ├── Unauthorized            401; possibly platform-wide, so tokens are never rotated on its account
    ├── Forbidden               403 that is not a quota; GET of a foreign app (its name is taken)
    ├── NotFound                404, 410
    │   ├── AppNotFound
    │   ├── MachineNotFound
    │   ├── VolumeNotFound
    │   └── LeaseNotFound
    ├── NameTaken               an app of this name exists somewhere on Fly
    ├── MachineNameTaken        a live machine of this name exists: `machine_id`, adopt it
    ├── Capacity                no room: `scope` host, region, volume or quota
    ├── FlyLeaseHeld            somebody else holds the machine's lease: `owner`, `expires_at`
    ├── StaleVersion            the machine changed since it was read
    ├── PreconditionFailed      412
    │   ├── VolumeInUse         the volume is attached to another machine
    │   └── StillActive         the machine is still going down or being replaced; passes by itself
    ├── VolumeGone              the volume answers but is on its way out: drop its id
    ├── WaitTimeout             slow: the state was not reached before the deadline
    ├── MachineStuck            past the documented threshold of a transient state
    ├── NotNow                  `retry_after_s`
    │   ├── RateLimited         429
    │   └── Unavailable         5xx, 408: Fly may or may not have done it
    │       ├── NotReached      no connection: surely nothing was done
    │       └── NoAnswer        sent, and no complete answer came: the outcome is unknown
    ├── InvalidRequest          Fly does not accept what was asked
    ├── Unsupported             501
    ├── PartialRegion           an answer that misses `regions`
    ├── UncertainList           a list that other evidence contradicts
    ├── UnknownOutcome          a write whose effect could not be found out
    └── ProtocolError           an answer that is not what Fly's API describes

The idea of the tree in the docstring is that of httpx. Nothing here may ever hold a token or a request body.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from lifeboat.core.errors import ConfigError, LeaseHeld, Stuck, WorldChanged
from lifeboat.fly.client.error_root import NOWHERE, CapacityScope, FlyError, NotNow, Origin

__all__ = [
    "NOWHERE",
    "AppNotFound",
    "Capacity",
    "CapacityScope",
    "FlyError",
    "FlyLeaseHeld",
    "Forbidden",
    "InvalidRequest",
    "LeaseNotFound",
    "MachineNameTaken",
    "MachineNotFound",
    "MachineStuck",
    "NameTaken",
    "NoAnswer",
    "NotFound",
    "NotNow",
    "NotReached",
    "Origin",
    "PartialRegion",
    "PreconditionFailed",
    "ProtocolError",
    "RateLimited",
    "StaleVersion",
    "StillActive",
    "Unauthorized",
    "Unavailable",
    "UncertainList",
    "UnknownOutcome",
    "Unsupported",
    "VolumeGone",
    "VolumeInUse",
    "VolumeNotFound",
    "WaitTimeout",
]


class Unauthorized(ConfigError, FlyError):
    """Fly does not accept the token, or cannot verify any token at the moment."""

    transient = True
    advice = "check the token's scope; verification may also be down for everybody: do not rotate it yet"


class Forbidden(ConfigError, FlyError):
    """The token may not do this; for an app: it belongs to another organisation."""

    advice = "use a token of the organisation that owns it"


class NotFound(FlyError):
    """The object does not exist, or not yet: right after a create Fly may answer this for seconds."""


class AppNotFound(NotFound):
    """There is no such app."""


class MachineNotFound(NotFound):
    """There is no such machine in the app."""


class VolumeNotFound(NotFound):
    """There is no such volume in the app."""


class LeaseNotFound(NotFound):
    """The machine has no lease, or not the one the nonce belongs to."""


class NameTaken(ConfigError, FlyError):
    """An app of this name exists; app names are one namespace for all of Fly."""

    advice = "choose another name: the app that holds it may be one this token cannot see"


class MachineNameTaken(FlyError):
    """A live machine of the app has this name.

    Args:
        message: what happened.
        machine_id: the machine that has the name; empty when Fly did not say.
        origin: where it comes from.
    """

    def __init__(self, message: str, *, machine_id: str, origin: Origin = NOWHERE) -> None:
        super().__init__(message, origin=origin)
        self.machine_id = machine_id


class Capacity(FlyError):
    """There is no room for it.

    Args:
        message: what happened.
        scope: how far to go to find room.
        origin: where it comes from.
    """

    _ADVICE: ClassVar[dict[CapacityScope, str]] = {
        CapacityScope.HOST: "make a new machine: this one's host cannot hold it",
        CapacityScope.REGION: "try another region",
        CapacityScope.VOLUME: "restore the volume's snapshot elsewhere: its host cannot hold the machine",
        CapacityScope.QUOTA: "use another region, or ask Fly to raise the quota",
    }

    def __init__(self, message: str, *, scope: CapacityScope, origin: Origin = NOWHERE) -> None:
        super().__init__(message, origin=origin, hint=self._ADVICE[scope])
        self.scope = scope


class FlyLeaseHeld(LeaseHeld, FlyError):
    """Somebody else holds the machine's lease.

    Args:
        message: what happened.
        owner: the holder as Fly names it; empty when it did not say.
        expires_at: when the lease ends by itself; None when Fly did not say.
        origin: where it comes from.
    """

    transient = True
    advice = "wait for the holder; clear the lease only when its owner is known to be dead"

    def __init__(
        self, message: str, *, owner: str = "", expires_at: datetime | None = None, origin: Origin = NOWHERE
    ) -> None:
        super().__init__(message, origin=origin)
        self.owner = owner
        self.expires_at = expires_at


class StaleVersion(WorldChanged, FlyError):
    """The machine changed since it was read: read it again and decide again."""

    transient = True


class PreconditionFailed(FlyError):
    """The object is not in a state that allows this."""


class VolumeInUse(PreconditionFailed):
    """The volume is attached to another machine."""


class StillActive(PreconditionFailed):
    """The machine is still going down, coming up or being replaced; this passes within seconds."""

    transient = True


class VolumeGone(FlyError):
    """The volume is being removed, though looking it up still answers: stop using its id."""


class WaitTimeout(FlyError):
    """The machine did not reach the state in time; it is slow, not known to be stuck."""

    transient = True


class MachineStuck(Stuck, FlyError):
    """The machine stays in a transient state past the threshold Fly documents.

    Args:
        message: what happened.
        state: the state it is stuck in.
        origin: where it comes from.
    """

    def __init__(self, message: str, *, state: str, origin: Origin = NOWHERE) -> None:
        super().__init__(message, origin=origin, hint="look at the machine's events; recreate it elsewhere")
        self.state = state


class RateLimited(NotNow):
    """Fly asks to slow down."""


class Unavailable(NotNow):
    """Fly, or something on the way to it, failed; a write may have been done all the same."""


class NotReached(Unavailable):
    """No connection was made: surely nothing was done."""


class NoAnswer(Unavailable):
    """The request was sent and no complete answer came: it may have been done."""


class InvalidRequest(ConfigError, FlyError):
    """Fly does not accept what was asked for."""


class Unsupported(FlyError):
    """The server does not implement the operation (the local cloud says so with 501)."""


class PartialRegion(FlyError):
    """An answer misses the data of some regions.

    Args:
        message: what happened.
        regions: codes of the regions whose data is missing.
        origin: where it comes from.
    """

    transient = True

    def __init__(self, message: str, *, regions: tuple[str, ...], origin: Origin = NOWHERE) -> None:
        super().__init__(message, origin=origin)
        self.regions = regions


class UncertainList(FlyError):
    """A list is contradicted by other evidence: nothing may be created or destroyed on its account."""

    transient = True
    advice = "wait until the platform agrees with itself; creating now could make duplicates"


class UnknownOutcome(Stuck, FlyError):
    """A write was sent and whether it took effect could not be found out."""

    advice = "look at the app's machines before repeating"


class ProtocolError(FlyError):
    """An answer is malformed, too large or not of the described shape."""
