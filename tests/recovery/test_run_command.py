"""`lifeboat run` on a real bucket, found through the contract's manifest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lifeboat.core.contract import Contract
from lifeboat.core.errors import ConfigError, Stuck
from scripts.actions.object_store import S3ObjectStore
from scripts.cli.main import run
from scripts.cli.run_driving import go_on
from scripts.cli.run_store import open_run_store
from scripts.engine.journal_reading import read_journal
from tests.builders import OTHER
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.recovery.toy_procedure import BUCKET, KNOWN, WORLDS


def asked(capsys: pytest.CaptureFixture[str], *arguments: str, exit_code: int = 0) -> Any:
    assert run(["run", *arguments, "--stack", "toybox", "--json"]) == exit_code
    return json.loads(capsys.readouterr().out)


def test_an_environment_without_runs_is_free(
    store: S3ObjectStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(capsys, "list")["data"] == {"runs": [], "held_by": None}


def test_a_stopped_run_is_listed_shown_and_reported(
    stopped: str, store: S3ObjectStore, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = asked(capsys, "list")["data"]
    assert listed["runs"][0]["run_id"] == stopped
    assert listed["runs"][0]["state"] == "paused: NotVerified"
    assert f"run {stopped} (alice@host pid 1), which stopped unfinished" in listed["held_by"]
    shown = asked(capsys, "show", stopped)["data"]
    assert shown["phase"] == "paused"
    assert shown["steps"]["make-copy"] == "done"
    events, _ = read_journal(store, stopped)
    assert [event["hash"] for event in shown["events"]] == [event.hash for event in events]
    reported = asked(capsys, "report", stopped)["data"]
    assert reported["steps"][1]["findings"] == ["3 rows are missing"]


def test_people_get_lines_a_table_and_markdown(stopped: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, text in (
        (["list"], stopped),
        (["show", stopped], "NOT VERIFIED"),
        (["report", stopped], "3 rows are"),
        (["report", stopped, "--markdown"], "| make-copy |"),
    ):
        assert run(["run", *arguments, "--stack", "toybox"]) == 0
        assert text in capsys.readouterr().out


def test_a_run_is_resumed_with_its_procedure(stopped: str, contract: Contract, store: S3ObjectStore) -> None:
    report = go_on(stopped, contract, store, known=KNOWN)
    assert report.outcome == "done"
    assert WORLDS["toybox"].calls == {"make make-copy": 1, "flip turn-over": 1}


def test_a_run_is_aborted_with_its_procedure(stopped: str, contract: Contract, store: S3ObjectStore) -> None:
    assert go_on(stopped, contract, store, known=KNOWN, back=True).outcome == "undone"
    assert WORLDS["toybox"].things == {}


def test_the_local_copy_is_shown_without_a_network(
    stopped: str,
    contract: Contract,
    store: S3ObjectStore,
    aws: CloudProcess,
    capsys: pytest.CaptureFixture[str],
) -> None:
    go_on(stopped, contract, store, known=KNOWN)
    capsys.readouterr()
    aws.admin("POST", "faults", {"kind": "drop", "service": "s3"})
    assert asked(capsys, "show", stopped, "--local")["data"]["outcome"] == "done"


@pytest.mark.fault("F48")
@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["show", "../../etc"], 2, "is not a run id"),
        (["show", "run-20261122-080000-abcdef"], 2, "no journal of"),
        (["report", "run-20261122-080000-abcdef"], 2, "no run run-2026"),
        (["resume", "run-20261122-080000-abcdef"], 2, "no run run-2026"),
        (["abort", "run-20261122-080000-abcdef"], 2, "no run run-2026"),
        (["list", "--region", "us-west-1"], 2, "no backup bucket in us-west-1"),
    ],
)
def test_bad_input_is_told_with_a_hint(
    store: S3ObjectStore,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    exit_code: int,
    message: str,
) -> None:
    error = asked(capsys, *arguments, exit_code=exit_code)["error"]
    assert message in error["message"]
    assert error["hint"]


def test_a_run_of_a_procedure_this_lifeboat_does_not_have_is_not_touched(
    stopped: str, capsys: pytest.CaptureFixture[str]
) -> None:
    error = asked(capsys, "resume", stopped, exit_code=2)["error"]
    assert "no procedure 'toy'" in error["message"]


@pytest.mark.fault("F47")
def test_a_run_of_another_stack_is_refused(stopped: str, contract: Contract, store: S3ObjectStore) -> None:
    other = contract.model_copy(update={"stack": "staging"})
    with pytest.raises(ConfigError, match="a run of stack toybox, not of staging"):
        go_on(stopped, other, store, known=KNOWN)


def test_a_tampered_journal_is_shown_as_damaged_with_exit_6(
    stopped: str, contract: Contract, aws: CloudProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    key = f"lifeboat/runs/{stopped}/journal/000003.json"
    s3 = aws.client("s3", OTHER)
    body = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    s3.put_object(Bucket=BUCKET, Key=key, Body=body.replace(b"absent", b"done"))
    assert "does not agree with its hash" in asked(capsys, "show", stopped, exit_code=6)["error"]["message"]
    with pytest.raises(Stuck, match="damaged"):
        go_on(stopped, contract, open_run_store(contract), known=KNOWN)
