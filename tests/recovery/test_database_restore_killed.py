"""A restore killed at any moment at all is brought to its end by another machine; nothing is made twice.

The moments are enumerated: before and after every write of the journal and every call that changes anything.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from scripts.engine.journal_reading import read_journal
from scripts.engine.run_state import Phase
from tests.recovery.memory_store import Killed, Killer
from tests.recovery.restore_in_memory import AT, NAME, MemorySite

ONCE = {"restore": 1, "modify": 2, "reboot": 1, "role": 1, "tag": 1, "snapshot": 1}
SWAP = {"rename db-1": 1, "rename db-2": 1}


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory that is forced to no disk: hundreds of runs are."""
    memory = Path("/dev/shm")  # noqa: S108  # memory where there is some, the usual place elsewhere
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


def moments_of(work: Callable[[MemorySite, Killer], object], directory: Path) -> list[str]:
    killer = Killer()
    work(MemorySite(directory), killer)
    return killer.names


def assert_swapped(site: MemorySite, moment: str) -> None:
    run = site.run_id.removeprefix("run-")
    assert site.world.instances["db-2"]["DBInstanceIdentifier"] == NAME, moment
    assert site.world.instances["db-1"]["DBInstanceIdentifier"].endswith(f"-before-{run}"), moment
    assert len(site.world.instances) == 2, moment
    assert site.world.calls["restore"] == 1, moment
    assert site.world.calls["snapshot"] == 1, moment
    assert read_journal(site.store, site.run_id)[1].phase is Phase.ENDED


def test_a_whole_run_makes_every_change_once(directory: Path) -> None:
    site = MemorySite(directory)
    report = site.run(Killer())
    assert report.outcome == "done"
    assert site.world.calls == {**ONCE, **SWAP}
    restored = site.world.instances["db-2"]
    assert restored["RestoreTime"] == AT
    assert restored["MonitoringInterval"] == 60
    assert report.loss.measured_s == 600.0
    assert report.back.measured_s == 30.0


@pytest.mark.fault("F45")
@pytest.mark.fault("F44")
def test_killed_anywhere_another_machine_ends_it_with_nothing_made_twice(directory: Path) -> None:
    moments = moments_of(MemorySite.run, directory / "count")
    assert len(moments) > 100
    for moment, name in enumerate(moments, 1):
        site = MemorySite(directory / str(moment))
        with pytest.raises(Killed):
            site.run(Killer(at=moment))
        assert site.come_back().outcome == "done", name
        assert_swapped(site, name)
        assert site.world.calls == {**ONCE, **SWAP}, name


def test_killed_anywhere_and_aborted_the_primary_is_as_it_was(directory: Path) -> None:
    moments = moments_of(MemorySite.run, directory / "count")
    first = next(at for at, name in enumerate(moments, 1) if name.endswith("/journal/000001.json")) + 1
    for moment in range(first, len(moments) + 1):
        site = MemorySite(directory / str(moment))
        before = dict(site.world.instances["db-1"])
        with pytest.raises(Killed):
            site.run(Killer(at=moment))
        if read_journal(site.store, site.run_id)[1].phase is Phase.ENDED:
            continue
        report = site.abort(Killer())
        name = moments[moment - 1]
        assert report.outcome == "undone", name
        assert site.world.instances["db-1"] == before, name
        kept = [one for one in site.world.instances.values() if one["DbiResourceId"] != "db-1"]
        for one in kept:
            assert "lifeboat:expires-at" in {tag["Key"] for tag in one["TagList"]}, name
        assert len(kept) <= 1, name


def stop_and_abort(site: MemorySite, killer: Killer) -> None:
    """Die after the swap and abort."""
    first = Killer(at=swapped_at(site.directory / "count"))
    with pytest.raises(Killed):
        site.run(first)
    site.abort(killer)


def swapped_at(directory: Path) -> int:
    return moments_of(MemorySite.run, directory).index("after rename db-2") + 1


def test_an_abort_killed_anywhere_gives_the_old_instance_its_name_back(directory: Path) -> None:
    moments = moments_of(stop_and_abort, directory / "all")
    assert len(moments) > 40
    for moment, name in enumerate(moments, 1):
        site = MemorySite(directory / str(moment))
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


def test_a_second_restore_replaces_what_the_first_one_made_and_an_abort_leaves_its_tags(
    directory: Path,
) -> None:
    site = MemorySite(directory)
    site.run(Killer())
    tags = list(site.world.instances["db-2"]["TagList"])
    site.clock.advance(timedelta(seconds=90))
    site.plan = site.make_plan("latest")
    with pytest.raises(Killed):
        site.run(Killer(at=swapped_at(directory / "count")))
    assert site.abort(Killer()).outcome == "undone"
    assert site.world.instances["db-2"]["DBInstanceIdentifier"] == NAME
    assert site.world.instances["db-2"]["TagList"] == tags
    site.clock.advance(timedelta(seconds=90))
    assert site.run(Killer()).outcome == "done"
    assert site.world.named(NAME)["DbiResourceId"] == "db-4"
    assert site.world.instances["db-1"]["DBInstanceIdentifier"] != NAME
