"""Restores by real processes that are killed at a boundary, and what has to be true once another one came."""

from __future__ import annotations

import collections
import signal
import subprocess
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from lifeboat.core.clock import SystemClock
from scripts.engine.journal_reading import read_journal
from scripts.engine.moments import write_moment
from scripts.engine.plan import Plan
from scripts.engine.run_state import Phase
from tests.evidence.runs import verify_bare
from tests.localcloud_aws.rds_world import AWAY, HOME
from tests.recovery.boundaries import Boundary
from tests.recovery.gate import Gate, Strike, gate_to
from tests.recovery.restore_site import NAME, RestoreSite
from tests.recovery.s3_stores import BUCKET
from tests.recovery.terminal import Ended, Terminal, ended, terminal_at
from tests.waiting import soon

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A restore that was asked for.

    Args:
        to: the moment.
        into: name of the new instance; empty for a swap.
        rows: what the database held at the moment.
    """

    to: datetime
    into: str
    rows: set[int]


class KilledRestores:
    """One environment, restored again and again."""

    def __init__(self, site: RestoreSite, directory: Path) -> None:
        self.site = site
        self._directory = directory
        self._count = 0
        self._publish()
        with site.cloud.connect(NAME) as connection:
            connection.execute("create table kept (id int primary key)")
        assert soon(lambda: site.cloud.restore_window(NAME) != {}, 60)

    def uninterrupted(self, into: str) -> list[str]:
        """Restore without a death and return every change that was asked for, in order."""
        asked = self.ask(into)
        with gate_to(self.site.cloud.aws.url) as gate:
            known = set(self.site.run_ids())
            first = self.begin(asked, gate)
            got = ended(first)
            assert got.exit_code == 0, got
            self.assert_right(asked, gate, self.new_run(known), got)
        self.tidy()
        return list(gate.boundaries)

    def killed(self, into: str, boundary: Boundary) -> None:
        """Kill a restore at a boundary, bring it to its end from an empty machine, and look at everything.

        A run may find something finished that the counted one had to wait for, and writes an event fewer:
        when its last boundary is an earlier one, that is tried.
        """
        strike = boundary.strike
        while not self._is_killed(into, strike):
            strike = replace(strike, at=strike.at - 1)

    def _is_killed(self, into: str, strike: Strike) -> bool:
        asked = self.ask(into)
        known = set(self.site.run_ids())
        with gate_to(self.site.cloud.aws.url, strike) as gate:
            first = ended(self.begin(asked, gate))
            if first.exit_code == 0:
                run_id, got = self.new_run(known), first
            else:
                assert first.exit_code == -signal.SIGKILL, first
                assert gate.struck.wait(10)
                run_id, got = self._come_back(asked, gate, known)
            self.assert_right(asked, gate, run_id, got)
        self.tidy()
        return first.exit_code != 0

    def machine(self, cloud: str) -> Terminal:
        """Return a new, empty machine."""
        self._count += 1
        return terminal_at(self.site, self._directory / f"machine-{self._count}", cloud)

    def _publish(self) -> None:
        body = self.site.contract.model_dump_json().encode()
        s3 = self.site.client("s3", AWAY)
        s3.put_object(Bucket=BUCKET, Key="lifeboat/manifest.json", Body=body)

    def ask(self, into: str) -> Asked:
        """Write a row that belongs to the moment, and one after it that does not."""
        with self.site.cloud.connect(NAME) as connection:
            query = "insert into kept select coalesce(max(id), 0) + 1 from kept returning id"
            connection.execute(query.encode())
            at = _CLOCK.now()
            rows = {row[0] for row in connection.execute("select id from kept").fetchall()}
            connection.execute(query.encode())
        self.site.restorable_to(at)
        return Asked(to=at, into=into, rows=rows)

    def begin(self, asked: Asked, gate: Gate) -> subprocess.Popen[bytes]:
        """Start a restore that was planned and reviewed, on a machine of its own behind a gate."""
        terminal = self.machine(gate.url)
        plan = self.site.plan(write_moment(asked.to), asked.into)
        terminal.keep_plan(plan)
        gate.victim = terminal.begin(*_apply(plan), module="scripts.database_restore")
        return gate.victim

    def _come_back(self, asked: Asked, gate: Gate, known: set[str]) -> tuple[str, Ended]:
        """Do what an operator does who finds a dead run, or none: resume it, or restore."""
        if set(self.site.run_ids()) == known:
            got = ended(self.begin(asked, gate))
            return self.new_run(known), got
        run_id = self.new_run(known)
        return run_id, self.machine(gate.url).do("run", "resume", run_id, "--take-over")

    def new_run(self, known: set[str]) -> str:
        """Return the one run that is not yet known."""
        (run_id,) = set(self.site.run_ids()) - known
        return run_id

    def assert_right(self, asked: Asked, gate: Gate, run_id: str, got: Ended) -> None:
        """Look at everything: rows, calls, instances, snapshots, journal, evidence."""
        assert got.exit_code == 0, got
        assert got.envelope["data"]["outcome"] == "done"
        assert self._rows(asked.into or NAME) == asked.rows
        assert_made_once(gate)
        self._assert_nothing_is_left_over(asked, run_id)
        assert read_journal(self.site.store, run_id)[1].phase is Phase.ENDED
        self._assert_provable(run_id)

    def _assert_nothing_is_left_over(self, asked: Asked, run_id: str) -> None:
        number = run_id.removeprefix("run-")
        (other,) = [name for name in self.site.names() if name != NAME]
        assert other.endswith(asked.into or f"-before-{number}"), other
        assert self.site.names(AWAY) == []
        for name in self._snapshots():
            assert name.endswith(number), name

    def _assert_provable(self, run_id: str) -> None:
        terminal = self.machine(self.site.cloud.aws.url)
        told = terminal.asked("run", "evidence", run_id, "--output", "pack")
        pack = terminal.project / "pack"
        proven = verify_bare(pack / "verify_evidence.py", str(pack), "--chain", told["chain"], cwd=Path("/"))
        assert proven.returncode == 0, proven.stdout

    def _rows(self, name: str) -> set[int]:
        with self.site.cloud.connect(name) as connection:
            return {row[0] for row in connection.execute("select id from kept").fetchall()}

    def _snapshots(self) -> list[str]:
        found = self.site.client("rds", HOME).describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
        return [one["DBSnapshotIdentifier"] for one in found]

    def tidy(self) -> None:
        """Remove what a restore leaves on purpose, so that the next one finds the environment alone."""
        rds = self.site.client("rds", HOME)
        for name in self.site.names():
            if name != NAME:
                rds.modify_db_instance(
                    DBInstanceIdentifier=name, DeletionProtection=False, ApplyImmediately=True
                )
                self.site.cloud.available(name)
                rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
        for name in self._snapshots():
            rds.delete_db_snapshot(DBSnapshotIdentifier=name)
        assert soon(lambda: self.site.names() == [NAME], 60)


def assert_made_once(gate: Gate) -> None:
    """Every creating call went to the cloud once, and every event was written once."""
    made = collections.Counter(gate.made())
    assert {name: count for name, count in made.items() if count > 1} == {}
    written = collections.Counter(
        one.asked.name for one in gate.passed if one.is_done and "/journal/" in one.asked.name
    )
    assert {name: count for name, count in written.items() if count > 1} == {}


def _apply(plan: Plan) -> list[str]:
    return ["--apply", "--digest", plan.digest, "--yes"]
