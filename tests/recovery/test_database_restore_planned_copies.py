"""What a plan says of a logical copy, what it refuses, and a run killed at every moment, in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lifeboat.core.errors import LifeboatError, Refused, StepFailed
from scripts.actions.backup_reading import read_listing
from scripts.backup.keys import verification_key
from scripts.backup.levels import Level
from scripts.backup.sealed import encode
from scripts.engine.interruptions import Stale
from scripts.engine.json_values import plain
from scripts.engine.plan_text import judge
from tests.backup.manifests import a_record
from tests.builders import HOME, OTHER
from tests.recovery.copies_in_memory import COPIED_AT, CopiesSite
from tests.recovery.memory_store import Killed, Killer
from tests.recovery.plans import MADE_AT
from tests.recovery.restore_in_memory import NAME

GIBI = 1024**3


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory that is forced to no disk."""
    memory = Path("/dev/shm")  # noqa: S108  # memory where there is some, the usual place elsewhere
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


@pytest.fixture
def site(directory: Path) -> CopiesSite:
    return CopiesSite(directory)


def planned(site: CopiesSite, into: str = "") -> CopiesSite:
    site.plan = site.make_plan(site.put_copy().id, into)
    return site


def test_a_copy_is_held_read_loaded_and_proven_before_anything_depends_on_it(site: CopiesSite) -> None:
    planned(site)
    assert [step.id for step in site.plan.steps[:5]] == ["hold", "copy-check", "restore", "load", "settings"]
    assert site.plan.loss.expected_s == timedelta(hours=6).total_seconds()
    assert site.run(Killer()).outcome == "done"
    assert site.world.named(NAME)["Mark"].startswith("lifeboat: backup-")
    assert site.world.calls["create"] == site.world.calls["load"] == 1


def test_killed_anywhere_a_copy_is_loaded_once_into_one_instance(directory: Path) -> None:
    counting = Killer()
    planned(CopiesSite(directory / "count"), "beside").run(counting)
    assert {"before create", "after create", "before load", "after load"} <= set(counting.names)
    for moment, name in enumerate(counting.names, 1):
        site = planned(CopiesSite(directory / str(moment)), "beside")
        with pytest.raises(Killed):
            site.run(Killer(at=moment))
        assert site.come_back().outcome == "done", name
        assert site.world.names() == ["beside", NAME], name
        assert site.world.calls["create"] == site.world.calls["load"] == 1, name
        assert len(read_listing(site.bucket).backups) == 1


def test_an_abort_lets_go_of_the_copy_and_keeps_the_instance_tagged(site: CopiesSite) -> None:
    counting = Killer()
    planned(CopiesSite(site.directory / "count"), "beside").run(counting)
    planned(site, "beside")
    with pytest.raises(Killed):
        site.run(Killer(at=counting.names.index("before load") + 1))
    assert read_listing(site.bucket).backups[0].is_held(MADE_AT)
    assert site.abort(Killer()).outcome == "undone"
    assert not read_listing(site.bucket).backups[0].is_held(MADE_AT)
    assert "lifeboat:expires-at" in {tag["Key"] for tag in site.world.named("beside")["TagList"]}


def test_an_extension_that_came_or_grew_since_the_copy_is_told_and_is_no_finding(site: CopiesSite) -> None:
    planned(site)
    site.world.inside["db-1"] = {"extensions": {"plpgsql": "1.0", "younger": "2.0"}}
    assert site.run(Killer()).outcome == "done"
    written = b"".join(stored.body for stored in site.store.objects.values())
    assert b"extension younger is missing and is 2.0 in the source" in written


@pytest.mark.fault("F17")
def test_storage_is_raised_where_the_copy_needs_more_and_the_plan_says_so(site: CopiesSite) -> None:
    small = site.make_plan(site.put_copy(1, database_bytes=GIBI).id)
    large = site.make_plan(site.put_copy(2, database_bytes=100 * GIBI).id)
    assert plain(small.step("restore").parameters["given"])["AllocatedStorage"] == 20
    assert plain(large.step("restore").parameters["given"])["AllocatedStorage"] == 130
    assert [note for note in large.notes if "raised from 20 to 130 GiB" in note]
    assert not [note for note in small.notes if "raised" in note]


@pytest.mark.fault("F18")
def test_a_load_too_slow_for_the_objective_is_seen_before_it_begins(site: CopiesSite) -> None:
    small = site.make_plan(site.put_copy(1, database_bytes=GIBI).id)
    large = site.make_plan(site.put_copy(2, database_bytes=500 * GIBI).id)
    assert large.back.expected_s > large.back.objective_s
    assert large.back.expected_s > small.back.expected_s + 499 * 100
    assert "OVER the objective" in judge(large.back)
    assert plain(large.to_data())["back"]["expected_s"] == large.back.expected_s


@pytest.mark.fault("F21")
def test_a_copy_of_a_later_server_is_refused_before_anything_is_made(site: CopiesSite) -> None:
    later = site.put_copy(server_version="17.2")
    with pytest.raises(Refused, match=r"is of postgresql 17.2, the new instance would be 16.4"):
        site.make_plan(later.id)
    assert site.make_plan(site.put_copy(2, server_version="15.9").id).step("load")


@pytest.mark.fault("F22")
def test_nothing_is_loaded_into_an_instance_that_lost_the_tag_of_the_run(site: CopiesSite) -> None:
    counting = Killer()
    planned(CopiesSite(site.directory / "count"), "beside").run(counting)
    planned(site, "beside")
    with pytest.raises(Killed):
        site.run(Killer(at=counting.names.index("before load") + 1))
    site.world.named("beside")["TagList"].clear()
    with pytest.raises(LifeboatError, match="was not made by this run"):
        site.come_back()
    assert site.world.calls["load"] == 0


def test_a_damaged_copy_is_refused_by_its_records_and_never_offered(site: CopiesSite) -> None:
    sound, damaged = site.put_copy(1), site.put_copy(2, at=COPIED_AT + timedelta(hours=1))
    record = a_record(2, reached=Level.EXISTS, problems=["part 7.dat.000001: sha-256 differs"])
    site.bucket.put_if_absent(verification_key("shop", damaged.id, MADE_AT), encode(record))
    with pytest.raises(Refused, match="is damaged, by its records"):
        site.make_plan(damaged.id)
    assert [one.detail for one in site.make_plan().candidates if one.name == damaged.id] == [
        "logical copy in the bucket of us-east-2, DAMAGED"
    ]
    site.world.chains = False
    with pytest.raises(Refused) as caught:
        site.make_plan()
    assert sound.id in caught.value.hint
    assert damaged.id not in caught.value.hint


@pytest.mark.fault("F03")
def test_a_part_that_was_cut_fails_the_run_before_anything_is_made(site: CopiesSite) -> None:
    planned(site)
    key = site.bucket.parts("toc")[0]
    site.bucket.damage(key, site.bucket.objects[key].body[:-1])
    with pytest.raises(StepFailed, match=r"is damaged: part toc\.dat\.000001: has"):
        site.run(Killer())
    assert site.world.calls == {}
    assert not read_listing(site.bucket).backups[0].is_held(MADE_AT)


def test_a_copy_removed_after_the_plan_ends_it_untouched(site: CopiesSite) -> None:
    planned(site)
    site.bucket.objects.clear()
    with pytest.raises((LifeboatError, Stale)):
        site.run(Killer())
    assert site.world.calls == {}


def test_a_swap_is_refused_where_the_copy_does_not_hold_everything(site: CopiesSite) -> None:
    copy = site.put_copy()
    site.databases = ("shop", "stock")
    with pytest.raises(Refused, match="has stock as well") as caught:
        site.make_plan(copy.id)
    assert "--into NAME" in caught.value.hint
    assert site.make_plan(copy.id, into="beside").step("load").parameters["name"] == "shop"


def test_without_the_primary_region_a_copy_is_restored_beside_in_the_other_one(site: CopiesSite) -> None:
    copy = site.put_copy()
    there = site.contract.databases[HOME]
    site.contract = site.contract.model_copy(update={"databases": {HOME: there, OTHER: there}})
    site.world.unreachable = True
    with pytest.raises(Refused, match="us-west-1 cannot be reached"):
        site.make_plan(copy.id)
    site.plan = site.make_plan(copy.id, into="rescued")
    assert site.run(Killer()).outcome == "done"
    assert site.away.names() == ["rescued"]
