"""`lifeboat run evidence` and the page of `lifeboat run report`, on a real bucket."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.core.contract import Contract
from lifeboat.core.errors import LifeboatError
from scripts.actions.object_store import S3ObjectStore
from scripts.cli.main import run
from scripts.cli.run_driving import go_on, runner_at
from scripts.evidence.pack import read_pack
from tests.evidence.runs import verify_bare
from tests.recovery.operators import Site
from tests.recovery.toy_procedure import KNOWN, PLAN, WORLDS
from tests.recovery.toy_world import toy_kinds


def asked(*arguments: str) -> int:
    return run(["run", *arguments, "--stack", "toybox"])


def packs_in(store: S3ObjectStore) -> list[str]:
    return [key for key in store.keys("runs/") if "/evidence/" in key]


def stop_unverified(site: Site, store: S3ObjectStore) -> None:
    """Drive a run as a procedure's command does, until a copy turns out not to be verified."""
    site.world.looks = 0
    now = SystemClock().now()
    plan = replace(PLAN, created_at=now, expires_at=now + timedelta(hours=1))
    with (
        pytest.raises(LifeboatError, match="not verified"),
        runner_at(store, toy_kinds(site.world)) as runner,
    ):
        runner.run(plan, digest=plan.digest, fingerprint=lambda: "world-1")


def test_evidence_of_a_stopped_run_is_written_and_verified_without_us(
    stopped: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "out" / "pack.zip"
    assert asked("evidence", stopped, "--output", str(pack), "--json") == 0
    told = json.loads(capsys.readouterr().out)["data"]
    assert (told["run_id"], told["path"]) == (stopped, str(pack))
    assert asked("evidence", stopped, "--output", str(tmp_path / "unpacked")) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'unpacked'}\n"
    verifier = tmp_path / "unpacked" / "verify_evidence.py"
    for path in (pack, tmp_path / "unpacked"):
        proven = verify_bare(verifier, str(path), "--chain", told["chain"], cwd=Path("/"))
        assert proven.returncode == 0, proven.stdout


def test_evidence_goes_here_when_nothing_else_is_said(stopped: str) -> None:
    assert asked("evidence", stopped) == 0
    assert Path(f"evidence-{stopped}.zip").is_file()


def test_every_end_of_a_run_leaves_its_evidence_in_the_bucket(
    site: Site, contract: Contract, store: S3ObjectStore
) -> None:
    site.world.findings["make-copy"] = ("3 rows are missing",)
    stop_unverified(site, store)
    first = packs_in(store)
    assert len(first) == 1
    site.world.findings.clear()
    run_id = first[0].split("/")[1]
    report = go_on(run_id, contract, store, known=KNOWN)
    assert packs_in(store) == [*first, f"runs/{run_id}/evidence/{report.events:06d}.zip"]
    go_on(run_id, contract, store, known=KNOWN)
    assert len(packs_in(store)) == 2, "the same evidence is stored once"
    stored = store.get(packs_in(store)[-1])
    assert stored is not None
    assert stored.body == read_pack(store, run_id).to_zip()
    tools = json.loads(read_pack(store, run_id).files["processes.json"])[-1]["tools"]
    assert {"lifeboat", "boto3", "python", "system"} <= set(tools)


def test_a_secret_in_the_journal_keeps_the_pack_in_and_not_the_outcome(
    site: Site, contract: Contract, store: S3ObjectStore, capsys: pytest.CaptureFixture[str]
) -> None:
    site.world.findings["make-copy"] = ("cannot log in to postgresql://app:hunter2@db/app",)
    stop_unverified(site, store)
    assert packs_in(store) == []
    run_id = store.keys("runs/")[0].split("/")[1]
    assert "looks like a secret: event" in capsys.readouterr().err
    assert asked("evidence", run_id) == 3
    told = capsys.readouterr().err
    assert "password in a URL" in told
    assert "hunter2" not in told


def test_the_page_is_written_beside_what_is_printed(
    stopped: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    assert asked("report", stopped, "--html", str(page)) == 0
    assert capsys.readouterr().out == ""
    assert "3 rows are missing" in page.read_text()
    assert asked("report", stopped, "--html", str(page), "--markdown") == 0
    assert "| make-copy |" in capsys.readouterr().out
    assert asked("report", stopped, "--html", str(tmp_path / "no" / "where.html")) == 2


@pytest.mark.parametrize("name", ["run-20261122-080000-abcdef", "../../etc"])
def test_evidence_of_no_run_is_bad_input(name: str, store: S3ObjectStore) -> None:
    assert asked("evidence", name) == 2
    assert WORLDS == {}
