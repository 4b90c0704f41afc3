"""Two processes on one environment: one at a time changes anything, whoever is dead, asleep or too late."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.recovery.gate import Gate, Strike, When, gate_to
from tests.recovery.killed_restore import KilledRestores
from tests.recovery.restore_site import restore_site
from tests.recovery.terminal import ended

LEASE = "lifeboat/leases/"
RESTORE = "rds Restore"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KilledRestores]:
    with restore_site(tmp_path_factory.mktemp("site")) as site:
        yield KilledRestores(site, tmp_path_factory.mktemp("machines"))


@pytest.fixture(scope="module")
def names(environment: KilledRestores) -> list[str]:
    """Every change of a restore, in order."""
    return environment.uninterrupted("beside")


@pytest.fixture
def restores(environment: KilledRestores) -> Iterator[KilledRestores]:
    yield environment
    environment.tidy()


def first(names: list[str], words: str) -> int:
    """Return the boundary at which something is changed first."""
    return next(at for at, name in enumerate(names, 1) if words in name)


@pytest.mark.fault("F43")
def test_of_two_operators_at_once_one_runs_and_the_other_is_told_who(
    restores: KilledRestores, names: list[str]
) -> None:
    url, wait = restores.site.cloud.aws.url, Strike(at=first(names, LEASE), signal=None)
    asked = restores.ask("beside")
    with gate_to(url, wait) as one, gate_to(url, wait) as other:
        pairs = [(gate, restores.begin(asked, gate)) for gate in (one, other)]
        # Both have seen a free environment and are about to take it.
        assert all(gate.struck.wait(60) for gate in (one, other))
        one.release.set()
        other.release.set()
        done, refused = sorted(
            ((ended(process), gate) for gate, process in pairs), key=lambda it: it[0].exit_code
        )
        (run_id,) = {run_of(name) for name in done[1].boundaries if "/journal/" in name}
        restores.assert_right(asked, done[1], run_id, done[0])
    holder = next(process for gate, process in pairs if gate is done[1])
    assert refused[0].exit_code == 7
    assert f"run {run_id}" in refused[0].envelope["error"]["message"]
    assert f"pid {holder.pid}" in refused[0].envelope["error"]["message"]
    assert run_id in refused[0].envelope["error"]["hint"]
    changed = [one.asked.name for one in refused[1].passed if one.is_done]
    assert [name for name in changed if not name.endswith("/plan.json")] == []


@pytest.mark.fault("F46")
def test_the_lease_of_a_dead_process_names_it_and_can_be_taken(
    restores: KilledRestores, names: list[str]
) -> None:
    url = restores.site.cloud.aws.url
    asked, known = restores.ask("beside"), set(restores.site.run_ids())
    strike = Strike(at=first(names, RESTORE), when=When.AFTER)
    with gate_to(url, strike) as gate, gate_to(url) as beside:
        died = restores.begin(asked, gate)
        assert ended(died).exit_code == -signal.SIGKILL
        run_id = restores.new_run(known)
        new = ended(restores.begin(replace(asked, into="other"), beside))
        same = restores.machine(url).do("run", "resume", run_id)
        for refused in (same, new):
            assert refused.exit_code == 7
            assert f"run {run_id} " in refused.envelope["error"]["message"]
            assert f"pid {died.pid}" in refused.envelope["error"]["message"]
            assert "last sign of life" in refused.envelope["error"]["message"]
        assert beside.made() == []
        # What the hint says is what has to be typed.
        command = same.envelope["error"]["hint"].split("`")[1]
        assert command.startswith("lifeboat run resume")
        got = restores.machine(gate.url).do(*command.split()[1:])
        restores.assert_right(asked, gate, run_id, got)


@pytest.mark.fault("F43")
@pytest.mark.parametrize("back", [0, 1], ids=["after-its-intent", "before-its-intent"])
def test_a_holder_that_sleeps_through_a_takeover_changes_nothing_when_it_wakes(
    restores: KilledRestores, names: list[str], back: int
) -> None:
    url = restores.site.cloud.aws.url
    asked, known = restores.ask("beside"), set(restores.site.run_ids())
    strike = Strike(at=first(names, RESTORE) - 1 - back, when=When.AFTER, signal=signal.SIGSTOP)
    with gate_to(url, strike) as asleep, gate_to(url) as awake:
        holder = restores.begin(asked, asleep)
        assert asleep.struck.wait(60)
        before = len(asleep.passed)
        run_id = restores.new_run(known)
        got = restores.machine(awake.url).do("run", "resume", run_id, "--take-over")
        assert len(asleep.passed) == before
        holder.send_signal(signal.SIGCONT)
        woken = ended(holder)
        assert woken.exit_code == 7, woken
        assert woken.envelope["error"]["message"].startswith(f"run {run_id} no longer holds environment")
        assert changes_since(asleep, before) == []
        restores.assert_right(asked, awake, run_id, got)


@pytest.mark.fault("F43")
@pytest.mark.fault("F46")
def test_of_two_who_take_a_dead_run_over_at_once_one_goes_on(
    restores: KilledRestores, names: list[str]
) -> None:
    url, wait = restores.site.cloud.aws.url, Strike(at=1, signal=None)
    asked, known = restores.ask("beside"), set(restores.site.run_ids())
    with gate_to(url, Strike(at=first(names, RESTORE), when=When.AFTER)) as gate:
        assert ended(restores.begin(asked, gate)).exit_code == -signal.SIGKILL
    run_id = restores.new_run(known)
    with gate_to(url, wait) as one, gate_to(url, wait) as other:
        resume = ("run", "resume", run_id, "--take-over")
        started = [(restores.machine(each.url).begin(*resume), each) for each in (one, other)]
        assert all(each.struck.wait(60) for each in (one, other)), "both are about to take the lease"
        assert LEASE in one.boundaries[0]
        one.release.set()
        other.release.set()
        done, refused = sorted(
            ((ended(process), each) for process, each in started), key=lambda it: it[0].exit_code
        )
        assert refused[0].exit_code == 7
        assert changes_since(refused[1], 0) == []
        assert gate.made() == [f"{RESTORE}DBInstanceToPointInTime beside"]
        assert done[1].made() == []
        restores.assert_right(asked, done[1], run_id, done[0])


def changes_since(gate: Gate, before: int) -> list[str]:
    """Return what was changed after a moment; evidence of what the journal holds changes nothing."""
    return [
        one.asked.name for one in gate.passed[before:] if one.is_done and "/evidence/" not in one.asked.name
    ]


def run_of(name: str) -> str:
    """Return the run in whose place an object lies."""
    return name.partition("/runs/")[2].partition("/")[0]
