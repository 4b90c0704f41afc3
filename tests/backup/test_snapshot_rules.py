"""Which snapshot is gone on with, and which may go: pure decisions over names, tags and states."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scripts.backup.retention import Retention
from scripts.backup.snapshots import COPIED_TAG, Owner, decide_snapshots, new_name, unfinished
from scripts.observe.snapshots import SeenCopy
from tests.backup.manifests import DAY, NOW
from tests.builders import HOME, OTHER

OWNER = Owner(product="paintbox", environment="production")
MONTH = Retention(age=30 * DAY, minimum=3)


def a_copy(age: timedelta, *, status: str = "available", tags: dict[str, str] | None = None) -> SeenCopy:
    return SeenCopy(
        region=HOME,
        name=new_name("main", NOW - age),
        arn="arn",
        status=status,
        tags={**OWNER.tags, **(tags or {})},
        is_automatic=False,
    )


_DONE = {COPIED_TAG: OTHER}


@pytest.mark.parametrize(
    ("home", "goes_on"),
    [
        ([], False),
        ([a_copy(DAY / 24)], True),
        ([a_copy(DAY / 24, status="creating")], True),
        ([a_copy(DAY / 24, tags=_DONE)], False),
        ([a_copy(DAY)], False),
        ([a_copy(DAY / 24, status="failed")], False),
        ([a_copy(DAY / 24, tags=_DONE), a_copy(DAY / 12)], False),
        ([a_copy(DAY / 24), a_copy(DAY / 12, tags=_DONE)], True),
    ],
)
def test_only_the_newest_of_today_that_nobody_saw_through_is_taken_up(
    home: list[SeenCopy], goes_on: bool
) -> None:
    found = unfinished(home, identifier="main", now=NOW)
    assert found == (home[0].name if goes_on else "")
    assert unfinished(home, identifier="mai", now=NOW) == ""


def test_retention_of_snapshots_keeps_the_newest_whole_ones_and_what_is_still_made() -> None:
    ages = (40 * DAY, 31 * DAY, 50 * DAY, 60 * DAY)
    copies = [a_copy(age) for age in ages]
    copies += [a_copy(35 * DAY, status="failed"), a_copy(70 * DAY, status="creating")]
    verdicts = decide_snapshots(copies, MONTH, NOW)
    assert [each.copy.name for each in verdicts if not each.keep] == [copies[4].name, copies[3].name]
    assert decide_snapshots([a_copy(400 * DAY)], MONTH, NOW)[0].keep
