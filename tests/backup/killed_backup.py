"""Backups by real processes that are killed at a boundary, and what is true before and after the next one."""

from __future__ import annotations

import collections
from pathlib import Path
from typing import Any

from tests.backup.environment import Environment
from tests.recovery.boundaries import Boundary
from tests.recovery.gate import Gate, gate_to
from tests.waiting import processes_at, soon

DATABASE = "paint"
ROWS = 3500


class KilledBackups:
    """One environment, backed up again and again."""

    def __init__(self, environment: Environment, spool: Path) -> None:
        self._environment = environment
        self._spool = spool
        self._create = ("backup", "create", "--database", DATABASE, "--spool", str(spool), "--jobs", "1")

    def uninterrupted(self) -> list[str]:
        """Back up without a death and return every change that was asked for, in order."""
        with gate_to(self._environment.world.cloud.aws.url) as gate:
            self._assert_made(gate)
        return list(gate.boundaries)

    def killed(self, boundary: Boundary) -> None:
        """Kill a backup at a boundary, look at what lies there, and make the next one."""
        known, left = self._ids("backups"), self._ids("unfinished")
        with gate_to(self._environment.world.cloud.aws.url, boundary.strike) as gate:
            gate.victim = self._environment.begin(*self._create, AWS_ENDPOINT_URL=gate.url)
            assert gate.victim.wait(120) == -9
            assert gate.struck.wait(10)
            assert soon(lambda: not processes_at(str(self._spool)), 30), processes_at(str(self._spool))
            written = [one.asked.name for one in gate.passed if one.is_done]
            is_whole = any(name.endswith("/manifest.json") for name in written)
            assert len(self._ids("backups") - known) == int(is_whole)
            assert len(self._ids("unfinished") - left) == int(bool(written) and not is_whole)
            self._assert_made(gate)

    def _assert_made(self, gate: Gate) -> None:
        code, envelope, said = self._environment.lifeboat(*self._create, AWS_ENDPOINT_URL=gate.url)
        assert code == 0, said
        [made] = envelope["data"]
        assert made["rows"] == ROWS
        again = collections.Counter(one.asked.name for one in gate.passed)
        assert {name: count for name, count in again.items() if count > 1} == {}
        assert list(self._spool.iterdir()) == []
        code, envelope, said = self._environment.lifeboat("backup", "verify", made["id"], "--level", "2")
        assert (code, envelope["data"]["reached"]) == (0, 2), said

    def _ids(self, kind: str) -> set[str]:
        code, envelope, said = self._environment.lifeboat("backup", "list")
        assert code == 0, said
        listed: list[dict[str, Any]] = envelope["data"][kind]
        return {each["id"] for each in listed}
