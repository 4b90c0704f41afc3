"""Multi-AZ instances: each with a hidden standby that is made, looked after, switched to and made anew.

What keeps acknowledged writes safe is in `standby.py`; this decides when. A failover is written down before
the standby is promoted: a service that is killed half way goes on with it at its next start, and never lets
the old primary write again.

A replica that is Multi-AZ gets its standby when it is promoted.
"""

from __future__ import annotations

import logging

import psycopg

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import LifeboatError, Refused
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.backups import Backups, has_backups
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.private_port import private_port
from localcloud.postgres.records import InstanceRecord
from localcloud.postgres.replica import drop_slot, promote
from localcloud.postgres.servers import Servers
from localcloud.postgres.standby import (
    SLOT,
    fail_over,
    go_on_alone,
    has_everything,
    is_there,
    start_standby,
    tend,
)

_BACK_S = 10.0
_POLL_S = 0.05
_NOTE = "standby: "
_CLOCK = SystemClock()
_log = logging.getLogger(__name__)


class Pairs:
    """The standbys of all instances; all but `is_unsettled` and `can_take_over` belong into jobs."""

    def __init__(self, ledger: Ledger, servers: Servers, backups: Backups) -> None:
        self._ledger = ledger
        self._servers = servers
        self._backups = backups

    def start(self, record: InstanceRecord) -> None:
        """Finish what a killed run began, and start the standby of an instance whose server was started."""
        server = self._servers.of(record.resource_id)
        if record.source_resource_id is None and server.query("select pg_is_in_recovery()") == [(True,)]:
            promote(server)
        if record.has_standby:
            try:
                self._servers.standby_of(record.resource_id).start()
            except (LifeboatError, OSError) as error:
                # The next look makes it anew; until then the primary must not wait for it.
                self._note(record, error)
                go_on_alone(server, self._servers.standby_of(record.resource_id))

    def stop(self, record: InstanceRecord) -> None:
        """Stop the standby of an instance whose server was stopped."""
        if record.has_standby:
            self._servers.standby_of(record.resource_id).stop()

    def clear(self, record: InstanceRecord) -> None:
        """End a standby for ever; what it has is thrown away with its instance."""
        if record.standby_port:
            self._servers.standby_of(record.resource_id).kill()
            self._ledger.update(record.resource_id, has_standby=False)

    def settle(self, resource_id: str) -> None:
        """Make the standby that an instance should have, or give up the one it should not, or look after it.

        What fails is noted and tried again at the next look: the instance itself is none the worse.
        """
        record = self._servers.record(resource_id)
        try:
            if not wants_standby(record):
                self._give_up(record)
            elif not record.has_standby or not self._is_back(record):
                self._make(record)
        except (LifeboatError, psycopg.Error, OSError) as error:
            self._note(record, error)
        else:
            if record.reason.startswith(_NOTE):
                self._ledger.update(resource_id, reason="")

    def is_unsettled(self, record: InstanceRecord) -> bool:
        """Tell whether `settle` has something to do for an instance whose server runs.

        Raises:
            psycopg.Error: its server does not answer.
        """
        if not record.has_standby or not wants_standby(record):
            return record.has_standby or wants_standby(record)
        server, standby = self._servers.both(record.resource_id)
        return not (is_there(server) and has_everything(standby))

    def can_take_over(self, record: InstanceRecord) -> bool:
        """Tell whether an instance's standby could take over now without losing anything."""
        if not record.has_standby:
            return False
        standby = self._servers.standby_of(record.resource_id)
        return standby.is_running and has_everything(standby)

    def fail_over(self, record: InstanceRecord) -> None:
        """End an instance's server and let its standby take over, which is its server from then on.

        Raises:
            Refused: it has no standby, or one that may lack acknowledged writes; nothing was changed.
            ServerFailed, Stuck: the standby did not take over; a start of the instance tries it again.
        """
        if not self.can_take_over(record):
            msg = f"the standby of {record.identifier} cannot take over: it may lack acknowledged writes"
            raise Refused(msg, hint="wait until it has caught up.", retryable=True)
        server, standby = self._servers.both(record.resource_id)
        server.kill()
        self._ledger.update(
            record.resource_id,
            place=record.standby_place,
            server_port=record.standby_port,
            standby_port=record.server_port,
            has_standby=False,
            failovers=record.failovers + 1,
        )
        fail_over(server, standby)

    def _make(self, record: InstanceRecord) -> None:
        if not record.standby_port:
            known = self._ledger.records.instances.values()
            port = private_port(taken_ports(tuple(known)))
            self._ledger.update(record.resource_id, standby_port=port)
        self._ledger.update(record.resource_id, has_standby=False)
        archive = self._backups.archive(record.resource_id) if has_backups(record) else None
        server, standby = self._servers.of(record.resource_id), self._servers.standby_of(record.resource_id)
        start_standby(server, standby, archive, interval_s=self._backups.interval_s)
        self._ledger.update(record.resource_id, has_standby=True)

    def _is_back(self, record: InstanceRecord) -> bool:
        """Tell whether a standby follows and has everything; one that is down is started, and given time."""
        server, standby = self._servers.both(record.resource_id)
        if tend(server, standby):
            return True
        try:
            standby.start()
        except ServerFailed as error:
            self._note(record, error)
            return False
        deadline_s = _CLOCK.monotonic_s() + _BACK_S
        while not tend(server, standby):
            if _CLOCK.monotonic_s() > deadline_s:
                return False
            _CLOCK.sleep(_POLL_S)
        return True

    def _give_up(self, record: InstanceRecord) -> None:
        if record.has_standby:
            server, standby = self._servers.both(record.resource_id)
            go_on_alone(server, standby)
            standby.kill()
            self._ledger.update(record.resource_id, has_standby=False)
            drop_slot(server, SLOT)

    def _note(self, record: InstanceRecord, error: Exception) -> None:
        _log.warning("the standby of %s: %s", record.identifier, error)
        self._ledger.update(record.resource_id, reason=f"{_NOTE}{error}")


def wants_standby(record: InstanceRecord) -> bool:
    """Tell whether an instance shall have a standby."""
    return record.multi_az and record.source_resource_id is None


def taken_ports(records: tuple[InstanceRecord, ...]) -> frozenset[int]:
    """Return the private ports that servers and standbys have."""
    return frozenset(port for one in records for port in (one.server_port, one.standby_port))
