"""A restore killed at any moment at all is brought to its end by another machine; nothing is made twice.

The moments are enumerated: before and after every write of the journal and every call that changes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lifeboat.core.clock import ManualClock
from lifeboat.core.contract import Contract
from scripts.actions.database_hands import Hands
from scripts.database_restore import procedure
from scripts.engine.journal_reading import read_journal
from scripts.engine.moments import write_moment
from scripts.engine.plan import Plan
from scripts.engine.report import Report
from scripts.engine.run_state import Phase
from scripts.engine.runner import Runner
from scripts.engine.workplace import Workplace
from scripts.observe.databases import observe_databases
from scripts.plans.database_restore import plan_restore
from scripts.plans.restore_request import read_request
from tests.builders import HOME, a_contract, a_contract_document
from tests.recovery.fake_rds import FakeRds, FakeSecrets, FakeSessions, FakeWorld
from tests.recovery.memory_store import FragileStore, Killed, Killer, MemoryStore
from tests.recovery.operators import PACE
from tests.recovery.plans import MADE_AT

NAME = "paintbox-production-us-west-1-database"
AT = MADE_AT - timedelta(minutes=10)
ONCE = {"restore": 1, "modify": 2, "reboot": 1, "role": 1, "tag": 1, "snapshot": 1}
SWAP = {"rename db-1": 1, "rename db-2": 1}


class Site:
    """An environment in memory and everybody's clock."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = ManualClock(MADE_AT)
        self.store = MemoryStore(self.clock)
        self.world = FakeWorld()
        self.world.add(NAME, MonitoringInterval=60, DeletionProtection=True)
        self.contract = with_role()
        self.plan = self._plan()

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
            return FakeRds(self.world if region == HOME else FakeWorld(), killer)

        return Hands(clients=client, sessions=FakeSessions(self.world, killer), authority="system")

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

    def _plan(self) -> Plan:
        world = observe_databases(self.contract.topology.regions, self.hands(Killer()).clients)
        request = read_request(write_moment(AT), "", now=MADE_AT)
        return plan_restore(self.contract, world, request, now=MADE_AT)


def with_role() -> Contract:
    document = a_contract_document()
    entry = {**document["secrets"]["database-master"], "name": "paintbox/app", "database_role": "app"}
    database = {**document["databases"][HOME], "resource_id": "db-1", "multi_az": False}
    return a_contract(secrets={**document["secrets"], "database-app": entry}, databases={HOME: database})


def moments_of(work: Callable[[Site, Killer], object], directory: Path) -> list[str]:
    killer = Killer()
    work(Site(directory), killer)
    return killer.names


def assert_swapped(site: Site, moment: str) -> None:
    run = site.run_id.removeprefix("run-")
    assert site.world.instances["db-2"]["DBInstanceIdentifier"] == NAME, moment
    assert site.world.instances["db-1"]["DBInstanceIdentifier"].endswith(f"-before-{run}"), moment
    assert len(site.world.instances) == 2, moment
    assert site.world.calls["restore"] == 1, moment
    assert site.world.calls["snapshot"] == 1, moment
    assert read_journal(site.store, site.run_id)[1].phase is Phase.ENDED


def test_a_whole_run_makes_every_change_once(tmp_path: Path) -> None:
    site = Site(tmp_path)
    report = site.run(Killer())
    assert report.outcome == "done"
    assert site.world.calls == {**ONCE, **SWAP}
    restored = site.world.instances["db-2"]
    assert restored["RestoreTime"] == AT
    assert restored["MonitoringInterval"] == 60
    assert report.loss.measured_s == 600.0
    assert report.back.measured_s == 30.0


def test_killed_anywhere_another_machine_ends_it_with_nothing_made_twice(tmp_path: Path) -> None:
    moments = moments_of(Site.run, tmp_path / "count")
    assert len(moments) > 100
    for moment, name in enumerate(moments, 1):
        site = Site(tmp_path / str(moment))
        with pytest.raises(Killed):
            site.run(Killer(at=moment))
        assert site.come_back().outcome == "done", name
        assert_swapped(site, name)
        # Telling the old one's tags again is the one change that may be repeated: they carry the moment.
        again = {**ONCE, **SWAP, "tag": site.world.calls["tag"]}
        assert site.world.calls == again, name
        assert site.world.calls["tag"] <= 2, name


def stop_and_abort(site: Site, killer: Killer) -> None:
    """Die after the swap and abort."""
    first = Killer(at=swapped_at(site.directory / "count"))
    with pytest.raises(Killed):
        site.run(first)
    site.abort(killer)


def swapped_at(directory: Path) -> int:
    return moments_of(Site.run, directory).index("after rename db-2") + 1


def test_an_abort_killed_anywhere_gives_the_old_instance_its_name_back(tmp_path: Path) -> None:
    moments = moments_of(stop_and_abort, tmp_path / "all")
    assert len(moments) > 40
    for moment, name in enumerate(moments, 1):
        site = Site(tmp_path / str(moment))
        with pytest.raises(Killed):
            stop_and_abort(site, Killer(at=moment))
        site.clock.advance(timedelta(seconds=61))
        phase = read_journal(site.store, site.run_id)[1].phase
        runner = site.runner("carol", Killer())
        if phase is Phase.ENDED:
            report = runner.resume(site.run_id, fingerprint=site.fingerprint)
        else:
            report = runner.abort(site.run_id, take_over=True)
        assert report.outcome == "undone", name
        assert site.world.instances["db-1"]["DBInstanceIdentifier"] == NAME, name
        tags = {tag["Key"] for tag in site.world.instances["db-1"]["TagList"]}
        assert "lifeboat:expires-at" not in tags, name
        kept = {tag["Key"] for tag in site.world.instances["db-2"]["TagList"]}
        assert "lifeboat:expires-at" in kept, name
        assert site.world.calls["restore"] == 1
