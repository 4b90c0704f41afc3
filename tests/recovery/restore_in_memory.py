"""An environment whose AWS and databases are in memory, for restores that are killed or refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from lifeboat.core.clock import ManualClock
from lifeboat.core.contract import Contract
from lifeboat.fly.client import FlyClient
from scripts.actions.database_hands import Hands
from scripts.database_restore import procedure
from scripts.engine.moments import write_moment
from scripts.engine.plan import Plan
from scripts.engine.report import Report
from scripts.engine.runner import Runner
from scripts.engine.workplace import Workplace
from scripts.observe.app_health import AppHealth
from scripts.observe.databases import observe_databases
from scripts.plans.database_restore import plan_restore
from scripts.plans.restore_request import read_request
from tests.builders import HOME, OTHER, a_contract, a_contract_document
from tests.recovery.fake_rds import FakeRds, backups_arn
from tests.recovery.fake_sessions import FakeSecrets, FakeSessions
from tests.recovery.fake_stacks import FakeStack, FakeStacks
from tests.recovery.fake_world import FakeWorld
from tests.recovery.memory_store import FragileStore, Killer, MemoryStore
from tests.recovery.operators import PACE
from tests.recovery.plans import MADE_AT

NAME = "paintbox-production-us-west-1-database"
REPLICA = "paintbox-production-us-east-2-database"
AT = MADE_AT - timedelta(minutes=10)


class MemorySite:
    """An environment in memory and everybody's clock."""

    def __init__(self, directory: Path, *, has_replica: bool = False) -> None:
        self.directory = directory
        self.clock = ManualClock(MADE_AT)
        self.store = MemoryStore(self.clock)
        self.world = FakeWorld()
        self.away = FakeWorld(resource_prefix="away-", home=self.world)
        self.world.add(NAME, MonitoringInterval=60, DeletionProtection=True)
        self.contract = with_role()
        if has_replica:
            replica = self.away.add(REPLICA, DeletionProtection=True)
            self.away.copies.add("db-1")
            self.contract = with_replica(self.contract, replica["DbiResourceId"])
        self.stack = FakeStack(
            {"database": "db-1"}
            | ({"replica": "away-db-1", "backups": backups_arn("db-1")} if has_replica else {})
        )
        self.plan = self.make_plan()

    def runner(self, name: str, killer: Killer) -> Runner:
        """A runner of somebody on a machine of their own."""
        kinds = procedure(self.contract, self.plan, self.hands(killer)).kinds
        return Runner(
            Workplace(
                store=FragileStore(self.store, killer),
                kinds=kinds,
                holder=f"{name}@host pid 1",
                local=self.directory / name,
                clock=self.clock,
                jitter=lambda: 0.5,
                pace=PACE,
            )
        )

    def hands(self, killer: Killer) -> Hands:
        """Hands whose every change is a moment to die at."""

        def client(service: str, region: str) -> Any:
            if service == "secretsmanager":
                return FakeSecrets()
            return FakeRds({HOME: self.world, OTHER: self.away}[region], killer)

        sessions = FakeSessions((self.world, self.away), killer)
        return Hands(
            clients=client,
            sessions=sessions,
            authority="system",
            fly=no_fly,
            health=AppHealth,
            stacks=FakeStacks(self.stack, killer),
        )

    def fingerprint(self) -> str:
        """Look at the world again."""
        return procedure(self.contract, self.plan, self.hands(Killer())).fingerprint()

    def run(self, killer: Killer) -> Report:
        """Run the plan."""
        runner = self.runner("alice", killer)
        return runner.run(self.plan, digest=self.plan.digest, fingerprint=self.fingerprint)

    def come_back(self, killer: Killer | None = None, name: str = "bob") -> Report:
        """Resume when the dead one has lost its lease; run, if it never began."""
        self.clock.advance(timedelta(seconds=61))
        if not self.store.objects:
            return self.run(killer or Killer())
        runner = self.runner(name, killer or Killer())
        return runner.resume(self.run_id, fingerprint=self.fingerprint)

    def abort(self, killer: Killer) -> Report:
        """Undo the run at once."""
        return self.runner("bob", killer).abort(self.run_id, take_over=True)

    @property
    def run_id(self) -> str:
        """The newest run."""
        return max(key.split("/")[1] for key in self.store.objects if key.startswith("runs/"))

    def make_plan(self, to: str = write_moment(AT), into: str = "") -> Plan:
        """Plan a restore, ten minutes back when nothing else is asked for."""
        world = observe_databases(self.contract.topology.regions, self.hands(Killer()).clients)
        return plan_restore(self.contract, world, read_request(to, into, now=MADE_AT), now=MADE_AT)


def no_fly() -> FlyClient:
    """Stand for Fly where the environment has none; nobody may ask."""
    raise AssertionError("this environment has no app on Fly")


def with_role() -> Contract:
    """Return the contract of an environment with a database and an app's role."""
    document = a_contract_document()
    entry = {**document["secrets"]["database-master"], "name": "paintbox/app", "database_role": "app"}
    database = {**document["databases"][HOME], "resource_id": "db-1", "multi_az": False}
    return a_contract(secrets={**document["secrets"], "database-app": entry}, databases={HOME: database})


def with_replica(contract: Contract, resource_id: str) -> Contract:
    """Return the contract of an environment with a replica and replicated backups in its other region."""
    document = contract.model_dump()
    there = {"identifier": REPLICA, "role": "replica", "resource_id": resource_id}
    document["databases"][OTHER] = {**document["databases"][HOME], **there}
    document["backups"]["automated_backups_arn"] = backups_arn("db-1")
    document["keys"]["database"] = {OTHER: "arn:aws:kms:us-east-2:123456789012:key/1"}
    return Contract.model_validate(document)
