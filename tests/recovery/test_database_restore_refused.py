"""What a restore refuses: moments outside the window, names that are taken, a world that changed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from lifeboat.core.errors import ConfigError, LifeboatError, Refused, StepFailed, Stuck
from lifeboat.core.project import find_project
from scripts.actions.database_names import aside_name, restored_name, snapshot_name
from scripts.database_restore import procedure
from scripts.engine.interruptions import Stale
from scripts.engine.json_values import plain
from tests.builders import HOME, OTHER, a_contract
from tests.recovery.memory_store import Killed, Killer
from tests.recovery.restore_in_memory import AT, NAME, MemorySite


@pytest.fixture
def site(tmp_path: Path) -> MemorySite:
    return MemorySite(tmp_path)


@pytest.mark.parametrize(
    ("to", "into", "exit_code", "words"),
    [
        ("2026-11-22T07:00:00", "", 2, "has no offset"),
        ("2026-11-22T09:00:00Z", "", 2, "lies in the future; it is 2026-11-22T08:00:00+00:00"),
        ("2026-11-22T10:30:00+02:00", "", 2, "lies in the future"),
        ("yesterday", "", 2, "no snapshot has the name yesterday"),
        ("backup-20261121-020000", "", 2, "no snapshot has the name backup-20261121-020000"),
        ("backup-20261121-020000-abcdef", "", 2, "no backup has the id backup-20261121-020000-abcdef"),
        ("two--dashes", "", 2, "neither a moment, `latest`, the id of a backup nor a name of a snapshot"),
        ("latest", "Not_A_Name", 2, "not a name of a database instance"),
        ("latest", "two--dashes", 2, "not a name of a database instance"),
        ("latest", "x" * 64, 2, "not a name of a database instance"),
        ("latest", NAME, 3, "is there already"),
        ("2026-11-22T07:58:00Z", "", 3, "the window is 2026-11-15T08:00:00.000Z to 2026-11-22T07:55:00.000Z"),
        ("2026-11-01T00:00:00Z", "", 3, "the window is 2026-11-15T08:00:00.000Z to"),
    ],
)
def test_what_cannot_be_restored_is_refused_before_anything_is_changed(
    site: MemorySite, to: str, into: str, exit_code: int, words: str
) -> None:
    with pytest.raises(LifeboatError) as caught:
        site.make_plan(to, into)
    assert caught.value.exit_code == exit_code
    assert words in caught.value.message
    assert caught.value.hint
    assert site.world.calls == {}


@pytest.mark.fault("F09")
def test_outside_the_window_the_nearest_moment_is_named_and_not_taken(site: MemorySite) -> None:
    with pytest.raises(Refused) as late:
        site.make_plan("2026-11-22T07:58:00Z")
    assert "nearest moment is 2026-11-22T07:55:00.000Z" in late.value.hint
    with pytest.raises(Refused) as early:
        site.make_plan("2026-11-01T00:00:00Z")
    assert "nearest moment is 2026-11-15T08:00:00.000Z" in early.value.hint


def test_latest_is_planned_as_one_explicit_moment(site: MemorySite) -> None:
    plan = site.make_plan("latest")
    assert plan.step("restore").parameters["at"] == "2026-11-22T07:55:00.000000Z"
    assert plan.loss.expected_s == 300


def test_a_plan_shows_three_points_at_least_and_which_it_takes(site: MemorySite) -> None:
    site.away.copies.add("db-1")
    points = site.make_plan().candidates
    assert [point.name for point in points if point.chosen] == ["chosen"]
    assert {point.at for point in points if point.chosen} == {AT}
    names = {point.name for point in points}
    assert {"latest-us-west-1", "earliest-us-west-1", "latest-us-east-2"} <= names


def test_without_the_primary_region_the_copy_is_restored_beside_everything(site: MemorySite) -> None:
    home = site.contract.databases["us-west-1"]
    site.contract = site.contract.model_copy(
        update={"databases": {"us-west-1": home, OTHER: home.model_copy(update={"role": "replica"})}}
    )
    site.away.copies.add("db-1")
    site.world.unreachable = True
    with pytest.raises(Refused, match="us-west-1 cannot be reached") as caught:
        site.make_plan()
    assert "--into NAME" in caught.value.hint
    plan = site.make_plan(into="rescued")
    given = plain(plan.step("restore").parameters["given"])
    assert given["SourceDBInstanceAutomatedBackupsArn"].endswith(":auto-backup:db-1")
    assert "us-west-1 cannot be reached" in plan.notes[0]
    site.plan = plan
    assert site.run(Killer()).outcome == "done"
    assert site.away.names() == ["rescued"]


def test_with_neither_region_there_is_nothing_to_restore(site: MemorySite) -> None:
    site.world.unreachable = site.away.unreachable = True
    with pytest.raises(Refused, match="no automated backup to restore from"):
        site.make_plan()


def test_an_environment_without_a_database_is_told_so(site: MemorySite) -> None:
    site.contract = a_contract(databases={})
    with pytest.raises(ConfigError, match="has no database"):
        site.make_plan()


def test_a_window_that_moved_past_the_moment_makes_the_plan_stale(site: MemorySite) -> None:
    site.world.latest_at = AT - timedelta(seconds=1)
    with pytest.raises(Stale):
        site.run(Killer())
    assert site.world.calls == {}


def test_a_primary_that_was_changed_or_exchanged_makes_the_plan_stale(site: MemorySite) -> None:
    site.world.instances["db-1"]["MultiAZ"] = True
    with pytest.raises(Stale):
        site.run(Killer())
    assert site.world.calls == {}


@pytest.mark.fault("F48")
def test_a_name_taken_after_the_run_began_ends_it_untouched(site: MemorySite, tmp_path: Path) -> None:
    site.plan = site.make_plan(into="beside")
    counting = MemorySite(tmp_path / "count")
    counting.plan = site.plan
    killer = Killer()
    counting.run(killer)
    with pytest.raises(Killed):
        site.run(Killer(at=killer.names.index("before restore") + 1))
    site.world.add("beside")
    before = dict(site.world.named("beside"))
    with pytest.raises(StepFailed, match="was not made by this run"):
        site.come_back()
    assert site.world.named("beside") == before
    assert site.world.calls == {}


def test_a_region_lost_in_the_middle_leaves_a_run_that_goes_on_when_it_is_back(site: MemorySite) -> None:
    with pytest.raises(Killed):
        site.run(Killer(at=40))
    site.world.unreachable = True
    with pytest.raises(Stuck, match="EndpointConnectionError"):
        site.come_back()
    site.world.unreachable = False
    assert site.come_back().outcome == "done"
    assert site.world.calls["restore"] == 1


def test_names_carry_the_whole_run_id_and_fit_rds() -> None:
    base = "paintbox-production-us-west-1-database-of-a-very-long-name"
    run_id = "run-20261122-080000-abcdef"
    for name in (restored_name(base, run_id), aside_name(base, run_id), snapshot_name(base, run_id)):
        assert len(name) <= 63
        assert name.endswith("20261122-080000-abcdef")
        assert "--" not in name


def test_the_apps_that_log_in_sleep_around_the_swap_and_only_they(site: MemorySite) -> None:
    secret = {"secret": "paintbox/app", "regions": [HOME], "template": None}
    app = {"hostname": "h", "addresses": {}, "egress": {}, "certificates": {}, "groups": {}, "volumes": []}
    apps = {
        "web": {**app, "name": "paintbox-web", "secrets": {"DATABASE_URL": secret}},
        "site": {**app, "name": "paintbox-site", "secrets": {"KEY": {**secret, "secret": "paintbox/other"}}},
    }
    fly = {"organization": "o", "regions": {HOME: "sjc", OTHER: "ord"}, "apps": apps}
    site.contract = a_contract(**{**site.contract.model_dump(), "fly": fly})
    assert [step.id for step in site.make_plan().steps][-10:] == [
        "wake-paintbox-web-on-abort",
        "pause-paintbox-web",
        "mark-old",
        "old-aside",
        "new-in-place",
        "resume-paintbox-web",
        "measure",
        "new-backup",
        "state-follow",
        "state-preview",
    ]
    plan = site.make_plan()
    procedure(site.contract, plan, site.hands(Killer())).kinds.check(plan)
    page = (find_project(Path.cwd()) / "docs" / "how-to" / "restore-a-database.md").read_text()
    for step in plan.steps:
        shown = re.sub(r"paintbox-web|(?<=role-login-)\d+", "…", step.id)
        assert f"`{shown}`" in page
    assert not [step.id for step in site.make_plan(into="beside").steps if "paintbox-web" in step.id]
