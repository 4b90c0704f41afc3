"""Working on machines under leases, and waiting for those a killed run left behind.

Leases of others are never cleared: a dead run's ends by itself within seconds, a living one's is respected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from lifeboat.fly.client import errors
from lifeboat.fly.provider.groups.site import Site

_UNSAID_S = 5.0
"""How long to wait when Fly does not say until when a lease lasts."""
_LEAST_S = 0.5
_FLICKER_S = 2.0
"""How long the client itself tries again in silence."""


@contextmanager
def leased(site: Site, machine_ids: Iterable[str]) -> Iterator[Mapping[str, str]]:
    """Hold the leases of machines; yields their nonces by machine id.

    Raises:
        FlyLeaseHeld: somebody still holds one when the group's time limit is over.
    """
    ids = tuple(sorted(set(machine_ids)))
    with ExitStack() as stack:
        yield _acquired(site, ids, stack)


def _acquired(site: Site, ids: tuple[str, ...], stack: ExitStack) -> Mapping[str, str]:
    deadline_s = site.clock.monotonic_s() + site.desired.wait_timeout_s
    description = f"lifeboat up, group {site.desired.group}"
    while True:
        try:
            return stack.enter_context(
                site.client.leases.held(
                    site.app,
                    ids,
                    ttl_s=site.patience.lease_ttl_s,
                    description=description,
                    patience_s=_FLICKER_S,
                )
            )
        except errors.FlyLeaseHeld as error:
            _wait_for(site, error, deadline_s)


def _wait_for(site: Site, error: errors.FlyLeaseHeld, deadline_s: float) -> None:
    left_s = _UNSAID_S
    if error.expires_at is not None:
        left_s = (error.expires_at - site.clock.now()).total_seconds()
    if site.clock.monotonic_s() + left_s >= deadline_s:
        raise error
    site.log(f"waiting {left_s:.0f} s for the lease of {error.owner or 'somebody'}: {error.message}")
    site.clock.sleep(max(_LEAST_S, left_s))
