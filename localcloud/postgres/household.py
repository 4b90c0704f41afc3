"""Where the parts of the service are put together, and begun and ended in the right order."""

from __future__ import annotations

from starlette.applications import Starlette

from lifeboat.core.clock import SystemClock
from lifeboat.postgres.account import Account
from localcloud.postgres.admin import admin_routes
from localcloud.postgres.api import control_routes, told
from localcloud.postgres.authority import Authority
from localcloud.postgres.away_backups import AwayBackups
from localcloud.postgres.backups import Backups
from localcloud.postgres.chores import Chores
from localcloud.postgres.clock_routes import clock_routes
from localcloud.postgres.cloud_time import CloudTime
from localcloud.postgres.doors import Doors
from localcloud.postgres.endpoints import Endpoints
from localcloud.postgres.fault_routes import fault_routes
from localcloud.postgres.faults import Faults
from localcloud.postgres.fleet import Fleet
from localcloud.postgres.gauge_routes import gauge_routes
from localcloud.postgres.gauges import Gauges
from localcloud.postgres.jobs import Jobs
from localcloud.postgres.keepers import Keepers
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.pairs import Pairs
from localcloud.postgres.parameter_routes import parameter_routes
from localcloud.postgres.places import Places
from localcloud.postgres.records import RecordFile
from localcloud.postgres.regions import RegionCuts
from localcloud.postgres.replication import Replication
from localcloud.postgres.servers import Servers
from localcloud.postgres.snapshot_store import SnapshotStore
from localcloud.postgres.storage import Storage
from localcloud.postgres.strays import Strays
from localcloud.postgres.strikes import Strikes
from localcloud.postgres.upkeep import Upkeep
from localcloud.postgres.view import View
from localcloud.postgres.warden import Warden
from localcloud.postgres.wire import Known, Overview
from localcloud.postgres.workshop import Workshop


class Household:
    """Everything that runs in the process; made in its event loop."""

    def __init__(self, places: Places, account: Account, file: RecordFile, *, interval_s: int) -> None:
        """Read the records, and put everything together; nothing runs yet.

        Raises:
            Refused: the records are damaged.
            ConfigError: the certificate authority's files cannot be used.
        """
        self._account = account
        self._authority = Authority(places.authority)
        self._jobs = Jobs()
        ledger = Ledger(file)
        self._endpoints = Endpoints(self._authority, known=ledger.records.ports)
        self._doors = Doors(self._endpoints, ledger)
        self._time = CloudTime(ledger, SystemClock())
        backups = Backups(places, self._time, interval_s=interval_s)
        workshop = Workshop(places, account, ledger, backups)
        servers = Servers(ledger, workshop)
        self._cuts = RegionCuts(self._doors)
        replication = Replication(ledger, servers, self._cuts)
        pairs = Pairs(ledger, servers, backups)
        self._away = AwayBackups(ledger, backups, account, self._cuts, self._time)
        keepers = Keepers(backups=backups, replication=replication, pairs=pairs, away=self._away)
        chores = Chores(places, ledger, servers, self._doors, keepers)
        self._fleet = Fleet(ledger, self._jobs, servers, self._doors, chores, replication)
        self._snapshots = SnapshotStore(places, ledger, self._jobs, servers, account, self._cuts)
        self._view = View(ledger, self._jobs, servers, self._doors, keepers, self._cuts)
        self._storage = Storage(servers, self._doors, SystemClock())
        self._gauges = Gauges(ledger, servers, self._storage, self._doors, self._time)
        strikes = Strikes(servers, self._doors, backups, replication, self._storage, self._jobs)
        self._faults = Faults(ledger, strikes, self._cuts)
        self._upkeep = Upkeep(ledger, self._jobs, self._fleet, keepers, self._storage, self._faults)
        self._warden = Warden(places, ledger, self._jobs, self._fleet, servers)
        self._strays = Strays(places, ledger, self._jobs, servers, self._doors, replication)
        for record in ledger.records.instances.values():
            self._doors.open_here(record)

    def app(self) -> Starlette:
        """Return the application that answers the service's requests."""
        control = control_routes(self._fleet, self._snapshots, self._away, self._cut_regions, self._overview)
        admin = admin_routes(self._view, self._warden, self._authority)
        faults = fault_routes(self._faults, self._upkeep)
        clock = clock_routes(self._time, self._upkeep.hand_over)
        known = told("/known", Known, self._strays.set_aside)
        looks = [*gauge_routes(self._gauges), *parameter_routes(self._account)]
        return Starlette(routes=[*control, known, *admin, *faults, *clock, *looks])

    def begin(self) -> None:
        """Start what was running before; from another thread than the event loop's."""
        self._snapshots.forget_unfinished()
        self._strays.remove_deleted()
        self._faults.clear_traces()
        self._warden.begin()
        self._upkeep.start()

    async def close_doors(self) -> None:
        """Let nobody connect any more, and end every connection."""
        await self._endpoints.stop()

    def end(self, timeout_s: float) -> None:
        """End every server; from another thread than the event loop's."""
        self._upkeep.stop()
        self._warden.end(timeout_s)

    def _overview(self) -> Overview:
        return self._storage.measured(self._view.overview())

    def _cut_regions(self, cut: frozenset[str]) -> None:
        self._cuts.declare(cut)
        self._upkeep.link()
