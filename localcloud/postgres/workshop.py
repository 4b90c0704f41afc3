"""Where servers and their data are made: the account, the programs and the origins come together here."""

from __future__ import annotations

from datetime import datetime

from lifeboat.core.errors import Refused
from lifeboat.core.secret import Secret
from lifeboat.postgres.account import Account
from localcloud.postgres.archive import prepare_without_archive
from localcloud.postgres.backup import Backup
from localcloud.postgres.backups import Backups
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.cloud_time import machine_time
from localcloud.postgres.empty import make_empty
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.places import Places
from localcloud.postgres.records import InstanceRecord, Phase
from localcloud.postgres.restore import restore_snapshot, restore_to
from localcloud.postgres.roles import Master
from localcloud.postgres.server import Server
from localcloud.postgres.settings import Settings
from localcloud.postgres.template import Template
from localcloud.postgres.wire import Facts, OriginKind


class Workshop:
    """Makes servers below one directory, for one account."""

    def __init__(self, places: Places, account: Account, ledger: Ledger, backups: Backups) -> None:
        self._places = places
        self.account = account
        self._ledger = ledger
        self._backups = backups

    def server(self, record: InstanceRecord, place: str, port: int) -> Server:
        """Return the server in one of an instance's places, not started."""
        return Server(
            Binaries.of(record.major),
            self.account,
            self._places.data(record.resource_id, place),
            port,
            self._places.socket(port),
        )

    def make(self, record: InstanceRecord, server: Server, facts: Facts) -> None:
        """Make an instance's data from its origin and start its server.

        Raises:
            Refused, ServerFailed, Unverified: it cannot be made.
            OSError: the disk is full.
        """
        match record.origin.kind:
            case OriginKind.EMPTY:
                self._make_empty(record, server, facts)
            case OriginKind.SNAPSHOT:
                restore_snapshot(self._snapshot(record), server)
            case OriginKind.MOMENT:
                restore_to(self._backups.archive(record.origin.name), server, self._moment(record))
            case OriginKind.REPLICA:
                raise Refused("a replica is made by its replication")
        if record.origin.kind is not OriginKind.EMPTY and server.apply(self.settings(record)):
            # A copy starts with its source's values: recovery needs them, and some hold from a restart only.
            server.stop()
            server.start()

    def settings(self, record: InstanceRecord) -> Settings:
        """Return an instance's parameters as its server takes them.

        Raises:
            Refused: PostgreSQL does not take a value.
        """
        return Settings.of(Binaries.of(record.major), self.account, record.parameters)

    def _make_empty(self, record: InstanceRecord, server: Server, facts: Facts) -> None:
        template = Template(binaries=server.binaries, account=self.account, directory=self._places.templates)
        make_empty(
            template,
            server.data,
            master=master_of(facts),
            database=facts.db_name,
            settings=self.settings(record),
        )
        prepare_without_archive(self.account, server.data)
        server.start()

    def _moment(self, record: InstanceRecord) -> datetime | None:
        asked = record.origin.restore_at
        return machine_time(asked, self._ledger.records.advances) if asked else None

    def _snapshot(self, record: InstanceRecord) -> Backup:
        known = self._ledger.records.snapshots.get(record.origin.name)
        found = Backup.at(self._places.snapshot(known.directory)) if known else None
        if known is None or known.phase is not Phase.MADE or found is None:
            raise Refused(f"snapshot {record.origin.name} has no content")
        return found


def master_of(facts: Facts) -> Master:
    """Return the master user that the facts name."""
    return Master(username=facts.master_username, password=Secret(facts.master_password.get_secret_value()))
