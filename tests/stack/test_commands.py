"""The commands that need no engine, against the real local AWS cloud."""

import json
import os
from pathlib import Path

import pytest

from lifeboat.core.errors import Refused
from localcloud.commands.cloud import cloud
from localcloud.commands.destroy import destroy
from localcloud.commands.down import down
from localcloud.commands.env import env
from localcloud.commands.setting import Setting
from localcloud.commands.status import status
from localcloud.commands.up import up
from localcloud.stack import exports
from localcloud.stack.home import LocalHome
from localcloud.stack.notes import StackNote, write_note
from localcloud.supervisor.record import read_record
from tests.stack.conftest import run_command


def no_engine() -> Path:
    raise AssertionError("this command needs no engine")


@pytest.fixture
def setting(home: LocalHome) -> Setting:
    return Setting(home=home, engine=no_engine)


def test_a_cloud_that_never_ran_is_no_error_but_exit_code_3(setting: Setting) -> None:
    shown = run_command(status, setting)
    assert shown.exit_code == 3
    assert "local cloud: not running (never started)" in shown.stdout
    assert run_command(status, setting, "--json").data["running"] is False
    assert run_command(down, setting).stdout == "the local cloud was not running\n"


def test_the_life_of_a_cloud_by_commands(setting: Setting) -> None:
    started = run_command(cloud, setting, "up", "--json").data
    endpoint = started["endpoints"]["aws"]
    assert started["started"] is True
    assert run_command(cloud, setting, "up").stdout.startswith("the local cloud was running already\n")
    shown = run_command(status, setting, "--json")
    assert shown.exit_code == 0
    service = next(one for one in shown.data["services"] if one["name"] == "aws")
    assert (service["name"], service["healthy"], service["endpoint"]) == ("aws", True, endpoint)
    assert service["memory_bytes"] > 10_000_000
    assert f"aws       ready, healthy, {endpoint}" in run_command(status, setting).stdout
    reset = run_command(cloud, setting, "reset", "--json").data
    assert (Path(reset["moved_to"]) / "aws.state").exists()
    assert reset["endpoints"] == started["endpoints"]
    assert run_command(down, setting, "--json").data == {"was_running": True}
    assert run_command(cloud, setting, "status").exit_code == 3


def test_faults_clock_and_unknown_words(setting: Setting) -> None:
    run_command(cloud, setting, "up")
    options = ("--region", "us-west-1", "--kind", "latency", "--latency-ms", "1500", "--times", "2")
    declared = run_command(cloud, setting, "fault", "add", *options)
    assert declared.stdout == "aws-1: latency after 1.5 s at us-west-1 any any, 2 times\n"
    run_command(
        cloud, setting, "fault", "add", "--service", "s3", "--status", "500", "--code", "InternalError"
    )
    listed = run_command(cloud, setting, "fault", "list").stdout.splitlines()
    assert listed[1] == "aws-2: error 500 InternalError at any s3 any, struck 0 times"
    assert run_command(cloud, setting, "fault", "clear", "aws-2").stdout == "1 faults cleared\n"
    lost = run_command(cloud, setting, "fault", "fly", "region_down", "--region", "sjc")
    assert lost.stdout == "fly-1: region_down at region sjc\n"
    unknown = run_command(cloud, setting, "fault", "fly", "region_down", "--region", "sea")
    assert unknown.exit_code == 2
    assert run_command(cloud, setting, "fault", "clear", "gcp-1").exit_code == 2
    assert run_command(cloud, setting, "fault", "clear", "--json").data == {"forgotten": 2}
    moved = run_command(cloud, setting, "clock", "advance", "40d", "--json").data
    assert {half: clock["advanced_s"] for half, clock in moved.items()} == {
        "aws": pytest.approx(40 * 86400, abs=1),
        "fly": pytest.approx(40 * 86400, abs=1),
        "databases": pytest.approx(40 * 86400, abs=1),
    }
    assert run_command(cloud, setting, "clock").stdout.count("40d ahead of this machine\n") == 3
    refused = run_command(cloud, setting, "clock", "advance", "forty days")
    assert (refused.exit_code, "write it as" in refused.stderr) == (2, True)


@pytest.mark.parametrize("words", [("fault", "list"), ("clock",), ("coverage",)])
def test_what_needs_a_running_cloud_says_so(setting: Setting, words: tuple[str, ...]) -> None:
    refused = run_command(cloud, setting, *words)
    assert refused.exit_code == Refused.exit_code
    assert "the local cloud is not running" in refused.stderr


def test_an_unknown_environment_starts_and_builds_nothing(setting: Setting) -> None:
    for command in (up, env):
        refused = run_command(command, setting, "nope")
        assert refused.exit_code == 2
        assert "known are: local, production" in refused.stderr
    assert not setting.home.runtime.exists()


def test_destroying_has_to_be_said_before_or_behind_the_environment(setting: Setting) -> None:
    assert "needs --yes" in run_command(destroy, setting, "nope").stderr
    for words in (("nope", "--yes"), ("--yes", "nope")):
        assert "known are: local, production" in run_command(destroy, setting, *words).stderr


def test_a_lost_passphrase_starts_and_builds_nothing(setting: Setting) -> None:
    checkpoint = setting.home.checkpoint("local")
    checkpoint.parent.mkdir(parents=True)
    checkpoint.write_text("{}")
    refused = run_command(up, setting)
    assert refused.exit_code == 2
    assert "passphrase is missing" in refused.stderr
    assert not setting.home.cloud.root.exists()


def test_nothing_is_destroyed_without_yes(setting: Setting) -> None:
    refused = run_command(destroy, setting)
    assert refused.exit_code == 2
    assert "needs --yes" in refused.stderr


def test_env_of_a_cloud_that_never_ran_is_refused_with_nothing_to_evaluate(setting: Setting) -> None:
    refused = run_command(env, setting, "local")
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "lifeboat up" in refused.stderr


def test_exports_name_the_cloud_and_the_engine_of_the_last_up_even_when_down(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = setting.home
    run_command(cloud, setting, "up")
    run_command(down, setting)
    engine = home.project / "engine"
    engine.mkdir()
    (engine / "pulumi").touch()
    write_note("local", home, StackNote(engine=str(engine)))
    monkeypatch.chdir(home.project / "infra")
    record = read_record(home.cloud.record)
    assert record is not None
    found = exports("local")
    aws = next(one for one in record.services if one.name == "aws")
    assert found["AWS_ENDPOINT_URL"] == aws.endpoint
    assert found["AWS_REGION"] == "us-west-1"
    assert found["PATH"].split(os.pathsep)[0] == str(engine)


def test_a_damaged_state_is_refused_and_left_alone(setting: Setting) -> None:
    home = setting.home
    home.cloud.state.mkdir(parents=True)
    home.cloud.state_file("aws").write_bytes(b"damaged")
    refused = run_command(cloud, setting, "up")
    assert refused.exit_code == 3
    assert "service 'aws' cannot start" in refused.stderr
    assert home.cloud.state_file("aws").read_bytes() == b"damaged"
    assert run_command(cloud, setting, "reset").exit_code == 0, "the way out that the message names"


def test_every_json_answer_is_the_envelope(setting: Setting) -> None:
    envelope = json.loads(run_command(status, setting, "--json").stdout)
    assert sorted(envelope) == ["command", "data", "error", "ok", "schema_version", "warnings"]
