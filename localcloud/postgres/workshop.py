"""Where servers and their data are made: the account, the programs and the templates come together here."""

from __future__ import annotations

from lifeboat.core.secret import Secret
from localcloud.postgres.account import Account
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.empty import make_empty
from localcloud.postgres.places import Places
from localcloud.postgres.records import InstanceRecord
from localcloud.postgres.roles import Master, password_statement
from localcloud.postgres.server import Server
from localcloud.postgres.settings import Settings
from localcloud.postgres.template import Template
from localcloud.postgres.wire import Facts


class Workshop:
    """Makes servers below one directory, for one account."""

    def __init__(self, places: Places, account: Account) -> None:
        self._places = places
        self._account = account

    def server(self, record: InstanceRecord) -> Server:
        """Return the server of an instance, not started."""
        return Server(
            Binaries.of(record.major),
            self._account,
            self._places.data(record.resource_id),
            record.server_port,
            self._places.socket(record.server_port),
        )

    def make(self, record: InstanceRecord, facts: Facts) -> None:
        """Make an instance's data, from nothing or from its origin.

        Raises:
            Refused, ServerFailed: it cannot be made; nothing is left of it.
        """
        binaries = Binaries.of(record.major)
        template = Template(binaries=binaries, account=self._account, directory=self._places.templates)
        make_empty(
            template,
            self._places.data(record.resource_id),
            master=_master(facts),
            database=facts.db_name,
            settings=Settings.of(binaries, self._account, facts.parameters),
        )

    def set_password(self, server: Server, facts: Facts) -> None:
        """Give the master user another password."""
        server.query(password_statement(_master(facts)))


def _master(facts: Facts) -> Master:
    return Master(username=facts.master_username, password=Secret(facts.master_password.get_secret_value()))
