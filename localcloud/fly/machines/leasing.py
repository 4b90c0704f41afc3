"""Leases: the mutex of a machine. Whoever holds its nonce may change it, nobody else, until it expires.

Texts: fly.md 2.1.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from localcloud.fly.model import Lease, Machine
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World

DEFAULT_TTL_S = 30
_NONCE_LETTERS = 12


def current_lease(machine: Machine, now: datetime) -> Lease | None:
    """Return the lease a machine is under; an expired one is none."""
    lease = machine.lease
    return lease if lease is not None and lease.expires_at > now else None


def require_lease(machine: Machine, nonce: str, now: datetime) -> None:
    """Refuse a change by anyone but the holder; without a lease everyone may.

    Raises:
        WireError: 409 naming the holder.
    """
    lease = current_lease(machine, now)
    if lease is not None and lease.nonce != nonce:
        raise WireError(
            409,
            f"aborted: machine ID {machine.id} lease currently held by {lease.owner},"
            f" expires at {lease.expires_at.isoformat(timespec='seconds').replace('+00:00', 'Z')}",
        )


def take_lease(
    world: World, machine: Machine, *, owner: str, ttl_s: int, description: str = "", nonce: str = ""
) -> Lease:
    """Take a lease, or give the one of `nonce` a new term.

    Args:
        world: time and ids.
        machine: what to lock.
        owner: who asks, such as `operator@tokens.fly.io`.
        ttl_s: seconds it lasts; 0 means the default.
        description: why.
        nonce: of the lease to prolong; empty takes a new one.

    Raises:
        WireError: 400 the time is impossible, 404 no such lease, 409 somebody else holds one.
    """
    now = world.clock.now()
    expires_at = _expiry(now, ttl_s)
    require_lease(machine, nonce, now)
    lease = current_lease(machine, now)
    if nonce and lease is None:
        raise WireError(404, "lease not found")
    if lease is None:
        lease = Lease(
            nonce=world.records.ids.text(_NONCE_LETTERS, "0123456789abcdef"),
            owner=owner,
            description=description,
            expires_at=expires_at,
            version=machine.version.id,
        )
    lease.expires_at = expires_at
    machine.lease = lease
    world.changed()
    return lease


def release_lease(world: World, machine: Machine, nonce: str) -> None:
    """Give a lease back.

    Raises:
        WireError: 404 there is none, 409 it is somebody else's.
    """
    now = world.clock.now()
    if current_lease(machine, now) is None:
        raise WireError(404, "lease not found")
    require_lease(machine, nonce, now)
    machine.lease = None
    world.changed()


def _expiry(now: datetime, ttl_s: int) -> datetime:
    try:
        expires_at = now + timedelta(seconds=ttl_s or DEFAULT_TTL_S)
    except OverflowError as error:
        raise WireError(400, f"invalid_argument: invalid lease ttl {ttl_s}") from error
    if ttl_s < 0:
        raise WireError(400, f"invalid_argument: invalid lease ttl {ttl_s}")
    return expires_at
