"""A database is restored to a moment on real servers, while somebody writes to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.core.secret import Secret
from scripts.cli.main import run
from scripts.engine.moments import write_moment
from tests.localcloud_aws.rds_world import describe
from tests.localcloud_aws.real_cloud import PASSWORD
from tests.localcloud_aws.steady_writer import SteadyWriter
from tests.recovery.heart import Heart
from tests.recovery.restore_site import NAME, NOW, ROLE, THEN, RestoreSite, restore_site
from tests.waiting import soon

_CLOCK = SystemClock()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestoreSite]:
    with restore_site(tmp_path_factory.mktemp("site")) as made:
        yield made


def rows(site: RestoreSite, name: str) -> set[int]:
    with site.cloud.connect(name) as connection:
        return {row[0] for row in connection.execute("select id from written").fetchall()}


@pytest.mark.fault("F27")
def test_a_restore_beside_the_primary_has_exactly_what_was_acknowledged_before_the_moment(
    site: RestoreSite,
) -> None:
    assert soon(lambda: site.cloud.restore_window(NAME) != {}, 60)
    with SteadyWriter(lambda: site.cloud.connect(NAME)) as writer:
        assert writer.wait_for(20)
        at = _CLOCK.now()
        assert writer.wait_for(20)
        site.rotate_role()
        site.restorable_to(at)
        report = site.run(site.plan(write_moment(at), into="beside"))
        assert writer.wait_for(5), "the primary goes on"
    assert report.outcome == "done"
    restored = rows(site, "beside")
    assert writer.acknowledged_before(at) <= restored
    later = {id_ for id_ in writer.sent if id_ > max(writer.acknowledged_before(at)) + 1}
    assert not restored & later
    assert site.names() == ["beside", NAME]
    made, source = describe(site.cloud.aws, "beside"), describe(site.cloud.aws, NAME)
    for setting in (
        "DeletionProtection",
        "VpcSecurityGroups",
        "CopyTagsToSnapshot",
        "BackupRetentionPeriod",
        "PerformanceInsightsKMSKeyId",
    ):
        assert made[setting] == source[setting], setting
    assert made["DBParameterGroups"][0]["DBParameterGroupName"] == "own"
    assert made["EnabledCloudwatchLogsExports"] == ["postgresql"]
    with site.cloud.connect("beside", user=ROLE, password=NOW) as connection:
        assert connection.execute("select current_user").fetchone() == (ROLE,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        site.cloud.connect("beside", user=ROLE, password=THEN)
    written = site.journals()
    assert "role-login-1" in written
    for password in (PASSWORD, THEN, NOW):
        assert password not in written


def test_a_swap_keeps_the_endpoint_and_measures_what_it_cost(site: RestoreSite) -> None:
    with Heart(lambda: site.cloud.connect(NAME)) as heart:
        assert heart.wait_for(20)
        at = _CLOCK.now()
        assert heart.wait_for(20)
        site.restorable_to(at)
        plan = site.plan(write_moment(at))
        endpoint = describe(site.cloud.aws, NAME)["Endpoint"]
        report = site.run(plan)
        assert heart.wait_for(5)
    assert report.outcome == "done"
    assert describe(site.cloud.aws, NAME)["Endpoint"] == endpoint
    (aside,) = [name for name in site.names() if "-before-" in name]
    tags = {tag["Key"]: tag["Value"] for tag in describe(site.cloud.aws, aside)["TagList"]}
    assert tags["lifeboat:replaced"] == NAME
    assert tags["lifeboat:expires-at"] > write_moment(_CLOCK.now())
    with site.cloud.connect(NAME) as new, site.cloud.connect(aside) as old:
        kept = {row[0] for row in new.execute("select id from lifeboat_heartbeat").fetchall()}
        before = {row[0] for row in old.execute("select id from lifeboat_heartbeat").fetchall()}
    assert heart.acknowledged_before(at) <= kept
    lost_s, outage_s = heart.lost_s(kept, before), heart.longest_silence_s
    assert report.loss.measured_s == pytest.approx(lost_s, abs=1.0)
    assert report.back.measured_s == pytest.approx(outage_s, abs=1.0)


def test_a_process_killed_after_it_asked_for_the_restore_leaves_one_instance_for_the_next(
    site: RestoreSite,
) -> None:
    plan = site.plan("latest", into="survivor")
    before = set(site.names())
    run_id = site.run_and_die(plan, "restore_db_instance_to_point_in_time")
    report = site.resume(run_id, plan)
    assert report.outcome == "done"
    assert set(site.names()) - before == {"survivor"}


def test_what_a_sequence_and_an_extension_say_is_read_from_the_server(site: RestoreSite) -> None:
    with site.cloud.connect(NAME) as connection:
        connection.execute("create table if not exists numbered (id bigint generated always as identity)")
        connection.execute("insert into numbered overriding system value values (41)")
    sessions, instance = site.hands.sessions, site.instance(NAME)
    login = site.hands.login(instance, "lifeboat", Secret(PASSWORD))
    contents = sessions.contents(login, "app")
    assert contents.behind == ("numbered_id_seq",)
    for is_called, behind in (("false", ("numbered_id_seq",)), ("true", ())):
        with site.cloud.connect(NAME) as connection:
            connection.execute(f"select setval('numbered_id_seq', 41, {is_called})".encode())
        assert sessions.contents(login, "app").behind == behind
    assert "plpgsql" in contents.extensions
    assert "lifeboat" in contents.roles
    with site.cloud.connect(NAME) as connection:
        connection.execute("create role passer_by login password 'reading-only-1'")
    seen = sessions.contents(site.hands.login(instance, "passer_by", Secret("reading-only-1")), "app")
    assert "numbered_id_seq" in seen.unread, "what may not be read is not said to be right"
    wrong = site.hands.login(instance, "lifeboat", Secret("wrong"))
    assert "password" in sessions.refusal(wrong, "app")
    assert "wrong" not in sessions.refusal(wrong, "app").replace("password", "")


@pytest.mark.fault("F09")
def test_the_command_plans_applies_and_refuses_a_plan_that_was_used(
    site: RestoreSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site.enter(tmp_path, monkeypatch)

    def asked(*arguments: str, exit_code: int = 0) -> Any:
        assert run(["database", "restore", *arguments, "--stack", "production", "--json"]) == exit_code
        return json.loads(capsys.readouterr().out)

    planned = asked("--to", "latest", "--into", "by-command")["data"]
    assert len(planned["plan"]["candidates"]) >= 3
    digest = planned["digest"][:12]
    assert "--yes: missing" in asked("--apply", "--digest", digest, exit_code=2)["error"]["message"]
    assert "no plan" in asked("--apply", "--digest", "0" * 12, "--yes", exit_code=2)["error"]["message"]
    assert "has no offset" in asked("--to", "2026-11-22T08:00:00", exit_code=2)["error"]["message"]
    assert "the window is" in asked("--to", "2020-01-01T00:00:00Z", exit_code=3)["error"]["message"]
    assert "by-command" not in site.names()
    report = asked("--apply", "--digest", digest, "--yes")["data"]
    assert report["outcome"] == "done"
    assert "by-command" in site.names()
    assert asked("--apply", "--digest", digest, "--yes", exit_code=4)["error"]
    assert run(["database", "restore", "--to", "latest", "--stack", "production"]) == 0
    shown = capsys.readouterr()
    assert "old-aside" in shown.out
    assert "--apply --digest" in shown.err
    assert PASSWORD not in shown.out + shown.err


def test_an_abort_after_the_swap_gives_the_old_database_its_endpoint_back(site: RestoreSite) -> None:
    with site.cloud.connect(NAME) as connection:
        connection.execute("create table if not exists kept_by_abort (id int)")
        connection.execute("insert into kept_by_abort values (1)")
    site.restorable_to(_CLOCK.now())
    old = site.instance(NAME)
    plan = site.plan("latest")
    run_id = site.run_and_die(plan, "create_db_snapshot")
    assert site.instance(NAME).resource_id != old.resource_id
    assert site.abort(run_id, plan).outcome == "undone"
    assert site.instance(NAME).resource_id == old.resource_id
    assert site.instance(NAME).tags == old.tags
    with site.cloud.connect(NAME) as connection:
        connection.execute("insert into kept_by_abort values (2)")
        assert connection.execute("select count(*) from kept_by_abort").fetchone() == (2,)
