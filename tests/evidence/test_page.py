"""The page says what the run did, in well-formed HTML that needs nothing from anywhere and hides nothing."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifeboat.core.errors import LifeboatError
from scripts.engine.context import Context
from scripts.engine.journal_reading import prove, read_journal
from scripts.engine.json_values import Json
from scripts.engine.report_building import build_report
from scripts.engine.runner import Runner
from scripts.engine.step import Step
from scripts.evidence.page.page import render_page
from tests.evidence.page_reading import Page
from tests.evidence.runs import PLAN, RUNS, run_at
from tests.recovery.operators import Site
from tests.recovery.plans import a_plan, a_step

HOSTILE = (
    """</style></title><script>alert("1")</script><img src=https://evil.example/x onerror='x'>"""
    """{{ 7*7 }}{% include "report.css" %}&amp;"""
)


@pytest.fixture(params=sorted(RUNS))
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Page:
    return Page(RUNS[request.param](tmp_path).files["report.html"].decode())


def page_of(name: str, directory: Path) -> tuple[Page, str]:
    text = RUNS[name](directory).files["report.html"].decode()
    return Page(text), text


def test_nothing_is_fetched_and_nothing_is_run(page: Page) -> None:
    assert not {"script", "link", "img", "iframe", "object", "a", "base", "form"} & {
        tag for tag, _ in page.tags
    }
    for _, attributes in page.tags:
        assert not [
            name for name in attributes if name in {"src", "href", "xlink:href"} or name.startswith("on")
        ]
        assert not [value for value in attributes.values() if value and "://" in value]
    policies = [meta["content"] for meta in page.named("meta") if "http-equiv" in meta]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_the_page_holds_no_address_at_all(tmp_path: Path) -> None:
    _, text = page_of("finished", tmp_path)
    assert re.findall(r"https?:|url\(|@import|//[a-z]", text) == []


def test_every_drawing_has_words_and_every_id_is_one(page: Page) -> None:
    ids = Counter(attributes["id"] for _, attributes in page.tags if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    drawings = [svg for svg in page.named("svg") if svg.get("aria-hidden") != "true"]
    assert len(drawings) >= 2
    for svg in drawings:
        assert svg["role"] == "img"
        assert {*(svg["aria-labelledby"] or "").split()} <= set(ids)
    for section in page.named("section"):
        assert section["aria-labelledby"] in ids


def test_every_table_has_headers_for_its_columns_and_rows(page: Page) -> None:
    scopes = Counter(header.get("scope") for header in page.named("th"))
    assert set(scopes) == {"col", "row"}
    assert len(page.named("table")) == len(page.named("thead")) == len(page.named("tbody"))


@pytest.mark.parametrize(
    ("name", "words", "detail"),
    [
        ("finished", "Done and verified", "Rows before and after"),
        ("failed", "Failed, everything undone", "Step turn-over: quota reached: 3 of 3 instances"),
        ("paused", "Stopped unfinished", "3 rows are missing"),
        ("aborted", "Undone on request", "every step is undone"),
        ("never_began", "Never began", "Nothing was changed."),
    ],
)
def test_the_outcome_stands_in_words_with_its_cause(
    name: str, words: str, detail: str, tmp_path: Path
) -> None:
    page, _ = page_of(name, tmp_path)
    assert f" {words} " in page.text
    assert detail in page.text


def test_the_page_tells_all_that_was_measured(tmp_path: Path) -> None:
    pack = RUNS["finished"](tmp_path)
    page = Page(pack.files["report.html"].decode())
    for step in pack.report.steps:
        assert step.id in page.text
        assert step.title in page.text
    for text in (
        "Data lost (RPO) forecast: age of the newest point 1h 1m 12s kept",
        "Time until back (RTO) measured: first to last failed probe 30m 10s 7.0s kept",
        "warned at 80 %",
        "orders 1,200 1,198 -2",
        "app: 53 of 60 probes answered",
        "no answer from 2026-11-22 08:01:20 UTC: 7.0s",
        f"{pack.report.events} events",
        pack.report.chain,
        pack.report.plan_digest,
    ):
        assert text in page.text, text


@pytest.mark.parametrize("name", ["failed", "paused", "aborted"])
def test_what_is_not_done_is_not_said_to_be_verified_or_lost(name: str, tmp_path: Path) -> None:
    page, _ = page_of(name, tmp_path)
    assert "Verified not as a whole; single steps reached L3" in page.text
    assert "12s were measured, by a run that is not done." in page.text
    assert "Done and verified" not in page.text


def test_a_missed_objective_is_not_called_a_success(tmp_path: Path) -> None:
    site = Site(tmp_path)
    plan = replace(PLAN, loss=replace(PLAN.loss, objective_s=5))
    page = Page(run_at(site, plan).files["report.html"].decode())
    assert "Done and verified, too late The objective for data loss was missed." in page.text
    assert "MISSED" in page.text


def test_every_event_of_the_journal_is_there(tmp_path: Path) -> None:
    site = Site(tmp_path)
    page = Page(run_at(site).files["report.html"].decode())
    events, _ = read_journal(site.store, site.run_id)
    assert page.named("details") == [{}], "collapsed, and opened without a script"
    assert len([code for code in page.named("code") if code.get("class") == "whole"]) == len(events)


def test_a_long_event_is_cut_and_says_so(tmp_path: Path) -> None:
    page, _ = page_of("finished", tmp_path)
    assert re.search(r"… and [\d,]+ more characters, in journal.jsonl", page.text)


def render(site: Site, title: str, note: dict[str, Json]) -> str:
    """Return the page of a run whose plan, notes and findings hold given texts."""

    def on_act(step: Step, context: Context) -> None:
        context.note(title, **note)
        for topic in ("probes", "rows", "loss"):
            context.note(topic, **note)

    site.world.on_act = on_act
    site.world.findings["make-copy"] = (title,)
    plan = a_plan(a_step(title=title), procedure=title, notes=(title,), request={title: title})
    with suppress(LifeboatError):
        runner = Runner(replace(site.operator().workplace, holder=title))
        runner.run(plan, digest=plan.digest, fingerprint=lambda: plan.fingerprint)
    events, _ = read_journal(site.store, site.run_id)
    return render_page(build_report(site.run_id, plan, events, prove(site.run_id, events)), plan, events)


def test_hostile_texts_are_texts(tmp_path: Path) -> None:
    page = Page(render(Site(tmp_path), HOSTILE, {HOSTILE: HOSTILE, "name": HOSTILE, "samples": [HOSTILE]}))
    assert not page.named("script") + page.named("img")
    assert page.text.count(HOSTILE) >= 5


json_values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25, deadline=None)
@given(
    title=st.text(min_size=1, max_size=30).filter(lambda text: "\r" not in text),
    facts=st.fixed_dictionaries(
        {},
        optional={"name": json_values, "samples": json_values, "before": json_values, "after": json_values},
    ),
)
def test_whatever_a_step_writes_down_is_rendered(
    tmp_path_factory: pytest.TempPathFactory, title: str, facts: dict[str, Json]
) -> None:
    Page(render(Site(tmp_path_factory.mktemp("site")), title, facts))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_has_a_contrast_of_at_least_4_5(tmp_path: Path) -> None:
    _, text = page_of("finished", tmp_path)
    blocks = re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        palette = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for tone in ("good", "warn", "bad", "idle", "text", "quiet"):
            grounds = [f"{tone}-wash"] if f"{tone}-wash" in palette else ["good-wash", "bad-wash"]
            for ground in ("page", "card", *grounds):
                light, dark = sorted((_luminance(palette[tone]), _luminance(palette[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (tone, ground, palette)
