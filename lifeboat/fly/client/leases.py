"""Leases of machines: taken, refreshed, released, and looked at (docs `machines/api/machines-resource`).

`held` is how leases are used: short ones, kept alive while the work lasts, released whatever happens. A lease
somebody else holds is waited for and never cleared, except by `clear_foreign`, which says whose it was.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from lifeboat.fly.client.errors import (
    FlyError,
    FlyLeaseHeld,
    LeaseNotFound,
    NotFound,
    NotNow,
)
from lifeboat.fly.client.kept_lease import KeptLease, Nonces
from lifeboat.fly.client.machines.calling import MachineCalls
from lifeboat.fly.client.models.lease import Lease
from lifeboat.fly.client.operation import Operation, Safety

TTL_S = 13
PATIENCE_S = 30.0
"""How long another holder's lease is waited for: twice the life of one that a dead holder left behind."""

_PATH = "/v1/apps/{app}/machines/{machine}/lease"
FIND = Operation(name="leases.find", method="GET", path=_PATH, safety=Safety.READ)
TAKE = Operation(name="leases.take", method="POST", path=_PATH, safety=Safety.CREATE, timeout_s=10.0)
"""Also refreshes. Its caller repeats it: an answer that comes after the lease's end is worth nothing."""
RELEASE = Operation(name="leases.release", method="DELETE", path=_PATH, safety=Safety.CREATE, timeout_s=10.0)
"""Not repeated: a lease whose release fails ends by itself within its short life."""

_LOG = logging.getLogger(__name__)


class Leases(MachineCalls):
    """Takes and releases leases."""

    def find(self, app: str, machine_id: str) -> Lease | None:
        """Return a machine's lease, None when it has none.

        Raises:
            MachineNotFound: there is no such machine.
        """
        try:
            return self._on(FIND, (app, machine_id)).read(Lease)
        except LeaseNotFound:
            return None

    def take(
        self,
        app: str,
        machine_id: str,
        *,
        ttl_s: int = TTL_S,
        description: str = "",
        nonce: str | None = None,
    ) -> Lease:
        """Take a machine's lease, or extend the one `nonce` belongs to.

        Raises:
            FlyLeaseHeld: somebody else holds it.
            LeaseNotFound: the lease of `nonce` has ended.
        """
        # Fly's description says a body, its own tool sends a query: both, so that either reading is served.
        body = {"ttl": ttl_s, "description": description}
        answer = self._on(TAKE, (app, machine_id), nonce=nonce, params={"ttl": ttl_s}, body=body)
        lease = answer.read(Lease)
        if not lease.nonce:
            raise answer.surprise("is a lease without a nonce")
        return lease

    def release(self, app: str, machine_id: str, nonce: str) -> None:
        """Release a lease; one that has ended, or whose machine has, is released."""
        try:
            self._on(RELEASE, (app, machine_id), nonce=nonce)
        except NotFound:
            return

    def clear_foreign(self, app: str, machine_id: str) -> Lease | None:
        """Release a machine's lease whoever holds it, and return it so that its owner can be named.

        The platform itself takes leases too: only for a holder that is known to be dead.
        """
        found = self.find(app, machine_id)
        if found is not None:
            self.release(app, machine_id, found.nonce)
        return found

    @contextmanager
    def held(
        self,
        app: str,
        machine_ids: Iterable[str],
        *,
        ttl_s: int = TTL_S,
        description: str = "lifeboat",
        patience_s: float = PATIENCE_S,
    ) -> Iterator[Nonces]:
        """Hold the leases of machines while the body runs, and yield their nonces by machine id.

        They are taken in the order of their ids, so that two holders of several cannot wait for each other;
        each is refreshed every third of its life; all are released whatever the body does. Reading the nonce
        of a lease that was lost meanwhile raises what ended it.

        Args:
            app: the app's name.
            machine_ids: which machines.
            ttl_s: seconds a lease outlives a holder that dies.
            description: shown to whoever finds a machine leased.
            patience_s: how long another holder is waited for, per machine.

        Raises:
            FlyLeaseHeld: somebody else still holds one of them; none is held then.
        """
        with ExitStack() as stack:
            kept: dict[str, KeptLease] = {}
            for machine_id in sorted(set(machine_ids)):
                kept[machine_id] = stack.enter_context(
                    self._kept(app, machine_id, ttl_s, description, patience_s)
                )
            yield Nonces(kept)

    @contextmanager
    def _kept(
        self, app: str, machine_id: str, ttl_s: int, description: str, patience_s: float
    ) -> Iterator[KeptLease]:
        taken = self._patiently(app, machine_id, ttl_s, description, patience_s)

        def refresh() -> Lease:
            return self.take(app, machine_id, ttl_s=ttl_s, description=description, nonce=taken.nonce)

        lease = KeptLease(taken, refresh, clock=self._http.clock, ttl_s=ttl_s)
        try:
            with lease:
                yield lease
        finally:
            self._let_go(app, machine_id, taken.nonce)

    def _patiently(self, app: str, machine_id: str, ttl_s: int, description: str, patience_s: float) -> Lease:
        until_s = self._http.clock.monotonic_s() + patience_s
        while True:
            try:
                return self.take(app, machine_id, ttl_s=ttl_s, description=description)
            except (FlyLeaseHeld, NotNow):
                if self._http.clock.monotonic_s() >= until_s:
                    raise
            self._http.clock.sleep(1.0)

    def _let_go(self, app: str, machine_id: str, nonce: str) -> None:
        try:
            self.release(app, machine_id, nonce)
        except FlyError as error:
            _LOG.warning("the lease of machine %s of app %s ends by itself: %s", machine_id, app, error)
