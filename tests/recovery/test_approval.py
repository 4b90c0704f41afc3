"""Who agreed to a run, how, and to which doubts: part of its first event, so that it cannot be lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.engine.approval import Consent
from scripts.engine.event import EventKind
from scripts.engine.interruptions import Stale
from scripts.engine.journal_reading import read_journal
from scripts.engine.json_values import plain
from scripts.engine.report_text import report_markdown
from scripts.evidence.pack import read_pack
from scripts.evidence.page.page import render_page
from tests.evidence.page_reading import Page
from tests.recovery.memory_store import Killed, Killer
from tests.recovery.operators import Site
from tests.recovery.plans import CHECKS, a_plan, an_approval
from tests.recovery.toy_world import toy_steps

PLAN = a_plan(*toy_steps())


def test_the_first_event_tells_who_agreed_how_and_to_which_doubts(tmp_path: Path) -> None:
    site = Site(tmp_path)
    report = site.operator().run(PLAN, approval=an_approval(PLAN))
    events, _ = read_journal(site.store, report.run_id)
    assert events[0].kind is EventKind.RUN_BEGAN
    told = plain(events[0].data["approval"])
    assert told == {
        "digest": PLAN.digest[:12],
        "how": "typed the stack's name",
        "by": "alice@host pid 1",
        "identity": "arn:aws:sts::123456789012:assumed-role/restore/alice",
        "checks": [plain(check.to_data()) for check in CHECKS],
        "accepted": [
            {"name": "stack-state", "detail": "no [answer]", "reason": "the restore needs no state"}
        ],
    }
    assert told == plain(report.approval) == json.loads(report.to_bytes())["approval"]


def test_report_and_page_tell_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    report = site.operator().run(PLAN, approval=an_approval(PLAN))
    text = report_markdown(report)
    assert "- approved by alice@host pid 1 as arn:aws:sts::123456789012:assumed-role/restore/alice: " in text
    assert f"typed the stack's name, digest {PLAN.digest[:12]}" in text
    assert "- accepted stack-state: the restore needs no state (no [answer])" in text
    page = Page(render_page(report, PLAN, read_journal(site.store, report.run_id)[0])).text
    assert "Approved by alice@host pid 1 as arn:aws:sts::123456789012:assumed-role/restore/alice : " in page
    assert "When it was approved" in page
    assert "stack-state unknown no [answer] accepted: the restore needs no state" in page


def test_a_run_that_never_began_shows_the_checks_of_its_plan(tmp_path: Path) -> None:
    site = Site(tmp_path)
    plan = a_plan(*toy_steps(), checks=CHECKS)
    with pytest.raises(Stale):
        site.operator().run(plan, approval=an_approval(plan), fingerprint="world-2")
    page = Page(read_pack(site.store, site.run_id).files["report.html"].decode()).text
    assert "When it was planned" in page
    assert "Approved by" not in page
    assert "secret-master pass readable here nowhere else" in page


def test_a_reason_that_was_not_needed_is_no_acceptance() -> None:
    given = an_approval(PLAN, accepted={"stack-state": "no need", "secret-master": "never asked"})
    accepted = plain(given.to_data()["accepted"])
    assert [one["name"] for one in accepted] == ["stack-state"]


def test_the_approval_of_another_plan_begins_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    other = a_plan(*toy_steps(), fingerprint="world-2")
    with pytest.raises(Exception, match="the approval is not one of this plan"):
        site.operator().run(PLAN, approval=an_approval(other))
    assert site.world.calls == {}


def test_wherever_its_process_dies_a_run_has_an_approval(tmp_path: Path) -> None:
    """Of one that died before its first event nobody knows who agreed: whoever resumes it does."""
    seen = set()
    for moment in range(1, 12):
        site = Site(tmp_path / str(moment))
        with pytest.raises(Killed):
            site.operator(killer=Killer(at=moment)).run(PLAN, approval=an_approval(PLAN))
        site.wait(61)
        if not site.store.objects:
            continue
        report = site.operator("bob").resume()
        assert report.outcome == "done"
        seen.add((report.approval["by"], report.approval["how"]))
    assert seen == {
        ("alice@host pid 1", Consent.TYPED.value),
        ("bob@host pid 1", Consent.RESUMED.value),
    }
