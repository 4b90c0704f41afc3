"""Behind a manifest made anew a change is found too: the journal is a chain, and the rest follows from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.evidence import verify_evidence
from scripts.evidence.pack import Pack
from scripts.evidence.verify_evidence import canonical, readable, sha256
from tests.evidence.forging import JOURNAL, Files, chained, forged, lines_of, wrong
from tests.evidence.runs import approved, paused, verify_bare


@pytest.mark.fault("F59")
@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda lines: [lines[1], lines[0], *lines[2:]], "event 1 has number 2"),
        (lambda lines: [*lines[:4], lines[5], lines[4], *lines[6:]], "event 5 has number 6"),
        (lambda lines: [*lines[:7], *lines[8:]], "event 8 has number 9"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], "event 4 has number 3"),
        (lambda lines: lines[:-1], "does not follow from the journal"),
        (lambda lines: lines[1:], "event 1 has number 2"),
        (lambda lines: [*lines[:-1], lines[-1][:-1]], "the last event is torn"),
        (lambda _lines: [], "does not follow from the journal"),
    ],
)
def test_events_reordered_removed_or_doubled_are_found_behind_a_manifest_made_anew(
    change: Callable[[list[bytes]], list[bytes]],
    what: str,
    files: Files,
    place: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    journal = b"".join(change(lines_of(files)))
    assert what in wrong(place, forged(files, journal_jsonl=journal), capsys)


def test_an_event_rewritten_with_a_fitting_hash_breaks_the_next_link(
    files: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(files)
    event = json.loads(lines[9])
    event["actor"] = "mallory@host pid 1"
    event["hash"] = sha256(canonical({key: value for key, value in event.items() if key != "hash"}))
    lines[9] = canonical(event) + b"\n"
    said = wrong(place, forged(files, journal_jsonl=b"".join(lines)), capsys)
    assert "event 11 does not name the hash of the one before" in said


def test_the_plan_of_another_run_is_not_this_runs(
    files: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = json.loads(files["plan.json"])
    plan["loss"]["objective_s"] = 999999
    said = wrong(place, forged(files, plan_json=canonical(plan)), capsys)
    assert said == "WRONG: plan.json is not the plan this run began with\n"


def test_the_journal_of_another_run_is_not_this_runs(
    files: Files, other: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = wrong(place, forged(files, journal_jsonl=other[JOURNAL]), capsys)
    assert "event 1 is one of run-" in said


def figures(report: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the path of every single figure of a report."""
    found: list[tuple[str, ...]] = [(name,) for name in report if name not in ("loss", "back", "steps")]
    found += [(name, "measured_s") for name in ("loss", "back")]
    found += [("steps", str(at), name) for at, step in enumerate(report["steps"]) for name in step]
    return [path for path in found if path != ("schema_version",)]


def test_every_figure_of_the_report_follows_from_the_journal(
    files: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = figures(json.loads(files["report.json"]))
    assert len(paths) > 60
    for path in paths:
        report = json.loads(files["report.json"])
        owner = report
        for key in path[:-1]:
            owner = owner[int(key)] if isinstance(owner, list) else owner[key]
        owner[path[-1]] = "forged" if owner[path[-1]] != "forged" else ""
        said = wrong(place, forged(files, report_json=canonical(report)), capsys)
        assert "does not follow from the journal" in said or "event 1 is one of" in said, path


def as_before_approvals(pack: Pack) -> dict[str, Any]:
    """Return the report of a pack as it was written when nobody wrote down who agreed."""
    report = json.loads(pack.files["report.json"])
    del report["approval"]
    return {**report, "schema_version": 1}


def test_a_pack_from_before_approvals_is_still_good(tmp_path: Path) -> None:
    pack = paused(tmp_path / "site")
    old = forged(dict(pack.files), report_json=canonical(as_before_approvals(pack)))
    place = tmp_path / "old.zip"
    place.write_bytes(old)
    assert verify_evidence.main([str(place)]) == 0


def test_an_approval_cannot_be_hidden_behind_an_older_report(
    tmp_path: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = approved(tmp_path / "site")
    old = forged(dict(pack.files), report_json=canonical(as_before_approvals(pack)))
    assert "schema_version does not follow from the journal" in wrong(place, old, capsys)


def test_the_approval_of_another_plan_is_found(
    tmp_path: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = approved(tmp_path / "site")
    events = [json.loads(line) for line in lines_of(dict(pack.files))]
    events[0]["data"]["approval"]["digest"] = "0" * 12
    said = wrong(place, forged(dict(pack.files), journal_jsonl=chained(events)), capsys)
    assert said == "WRONG: another plan was approved\n"


@pytest.mark.parametrize("name", ["verification_json", "processes_json"])
def test_what_repeats_the_journal_may_say_nothing_else(
    name: str, files: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = json.loads(files[name.replace("_", ".")])
    said = wrong(place, forged(files, **{name: readable(listed[1:])}), capsys)
    assert said == f"WRONG: {name.replace('_', '.')} does not follow from the journal\n"


@pytest.mark.fault("F59")
def test_a_pack_forged_as_a_whole_is_found_by_the_chain_that_was_noted_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = paused(tmp_path / "site")
    files = dict(site.files)
    events = [json.loads(line) for line in lines_of(files)]
    for event in events:
        event["actor"] = "mallory@host pid 1"
    journal = chained(events)
    plan, digest = json.loads(files["plan.json"]), sha256(files["plan.json"])
    events = [json.loads(line) for line in journal.splitlines()]
    report = canonical(verify_evidence.report_of(site.report.run_id, plan, digest, events))
    made = {**files, JOURNAL: journal, "report.json": report, **verify_evidence.derived(events)}
    pack = tmp_path / "pack.zip"
    pack.write_bytes(forged(made))
    assert verify_evidence.main([str(pack)]) == 0
    assert "not proven: that the pack is no forgery as a whole; give --chain" in capsys.readouterr().out
    assert verify_evidence.main([str(pack), "--chain", site.report.chain]) == 1
    assert f"not in {site.report.chain}" in capsys.readouterr().out


def test_a_verifier_that_was_exchanged_is_told_by_one_from_outside(files: Files, tmp_path: Path) -> None:
    pack = tmp_path / "pack.zip"
    pack.write_bytes(forged({**files, "verify_evidence.py": b"print('VERIFIED')\n"}))
    own = tmp_path / "verify.py"
    own.write_bytes(files["verify_evidence.py"])
    told = verify_bare(own, str(pack), cwd=tmp_path)
    assert "verify_evidence.py of the pack is good; it is not this one, do not run it" in told.stdout
