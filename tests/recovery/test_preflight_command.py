"""The preflight as operators meet it: in the plan, alone with `--check`, and before anything begins."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.cli.main import run
from scripts.engine.journal_reading import read_journal
from scripts.engine.json_values import plain
from tests.localcloud_aws.real_cloud import PASSWORD
from tests.recovery.restore_site import NAME, NOW, RestoreSite, restore_site
from tests.waiting import soon

Ask = Callable[..., Any]
LOST = {"PULUMI_BACKEND_URL": "file:///proc/nowhere"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestoreSite]:
    with restore_site(tmp_path_factory.mktemp("site")) as made:
        assert soon(lambda: made.cloud.restore_window(NAME) != {}, 60)
        yield made


@pytest.fixture
def ask(
    running: RestoreSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """Ask `lifeboat database restore` and return its envelope."""
    running.enter(tmp_path, monkeypatch)

    def asked(*arguments: str, exit_code: int = 0, **environment: str) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            command = ["database", "restore", *arguments, "--stack", "production", "--json"]
            assert run(command) == exit_code, capsys.readouterr()
        said = capsys.readouterr()
        assert PASSWORD not in said.out + said.err
        assert NOW not in said.out + said.err
        return json.loads(said.out)

    return asked


def test_a_real_environment_passes_and_the_plan_keeps_what_was_seen(ask: Ask) -> None:
    planned = ask("--to", "latest", "--into", "looked-at")
    found = {check["name"]: check for check in planned["data"]["plan"]["checks"]}
    assert {check["outcome"] for check in found.values()} == {"pass"}, found
    assert f"database {NAME} is " in found["clocks"]["detail"]
    assert "secret-database-master" in found
    assert "secret-database-app" in found
    assert [one for one in planned["warnings"] if one.startswith("secret-database-master: not without")]
    checked = ask("--to", "latest", "--into", "looked-at", "--check")["data"]
    assert [one["name"] for one in checked["checks"]] == list(found)


@pytest.mark.fault("F30")
def test_a_state_that_cannot_be_read_blocks_until_somebody_says_why_it_need_not(
    ask: Ask, running: RestoreSite
) -> None:
    refused = ask("--to", "latest", "--into", "without", "--check", exit_code=3, **LOST)["error"]
    assert "1 of 10 checks block\nstack-state: unknown: file:///proc/nowhere" in refused["message"]
    digest = ask("--to", "latest", "--into", "without", **LOST)["data"]["digest"][:12]
    known = set(running.run_ids())
    assert ask("--apply", "--digest", digest, "--yes", exit_code=3, **LOST)["error"]["hint"]
    assert set(running.run_ids()) == known
    reason = "stack-state=the restore needs no state"
    report = ask("--apply", "--digest", digest, "--yes", "--accept", reason, **LOST)["data"]
    assert report["outcome"] == "done"
    approval = report["approval"]
    assert approval["how"] == "--yes"
    assert approval["digest"] == digest
    assert approval["identity"].startswith("arn:aws:")
    assert [(one["name"], one["reason"]) for one in approval["accepted"]] == [
        ("stack-state", "the restore needs no state")
    ]
    first = read_journal(running.store, report["run_id"])[0][0]
    assert plain(first.data["approval"]) == approval
    assert first.actor == approval["by"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "latest", "--accept", "stack-state=x"], "is given when the plan is run"),
        (["--to", "latest", "--check", "--accept", "stack-state"], "needs the name of a check and a reason"),
        (["--to", "latest", "--check", "--accept", "=x"], "needs the name of a check and a reason"),
        (["--to", "latest", "--check", "--accept", "a=x", "--accept", "a=y"], "was given twice"),
        (["--to", "latest", "--check", "--accept", "stackstate=x"], "there is no such check"),
    ],
)
def test_acceptances_that_mean_nothing_are_told(ask: Ask, arguments: list[str], words: str) -> None:
    error = ask(*arguments, exit_code=2)["error"]
    assert words in error["message"]
    assert error["hint"] or "twice" in words


def test_people_see_a_table_and_what_blocks(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(*next(iter(LOST.items())))
    assert run(["database", "restore", "--to", "latest", "--stack", "production"]) == 0
    said = capsys.readouterr()
    assert "UNKNOWN" in said.out
    assert "check stack-state cannot tell: --apply needs --accept stack-state=REASON" in said.err
    assert run(["database", "restore", "--to", "latest", "--check", "--stack", "production"]) == 3
    assert "stack-state: unknown" in capsys.readouterr().err
