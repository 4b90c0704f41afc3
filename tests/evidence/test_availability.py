"""Availability is what the probes said: an outage lasts from the first failed probe to the next good one."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from scripts.engine.json_values import Json, JsonObject
from scripts.evidence.page.availability import read_availability
from scripts.evidence.page.timeline import ticks


def a_note(answers: str, *, name: str = "app", begin: int = 0) -> JsonObject:
    """Return a note of probes one second apart; `+` answered, `-` did not."""
    samples: list[Json] = [
        [f"2026-11-22T08:00:{begin + at:02d}Z", sign == "+"] for at, sign in enumerate(answers)
    ]
    return {"topic": "probes", "facts": {"name": name, "samples": samples}}


def lasted(answers: str) -> list[tuple[float, bool]]:
    (one,) = read_availability([a_note(answers)])
    return [(outage.lasted_s, outage.is_open) for outage in one.outages]


def test_an_outage_lasts_until_the_next_answer() -> None:
    assert lasted("+++---++") == [(3.0, False)]
    assert lasted("-+-+") == [(1.0, False), (1.0, False)]
    assert lasted("++++") == []


def test_an_outage_without_an_end_is_open() -> None:
    assert lasted("++--") == [(1.0, True)]
    assert lasted("-") == [(0.0, True)]


def test_series_are_joined_by_name_and_in_order_of_time() -> None:
    series = read_availability([a_note("--", begin=2), a_note("++"), a_note("+", name="api")])
    assert [(one.name, one.probes, one.answered) for one in series] == [("api", 1, 1), ("app", 4, 2)]
    assert [(stretch.begin, stretch.is_up) for stretch in series[1].stretches] == [
        (0.0, True),
        (666.7, False),
    ]


def test_notes_of_another_form_are_left_to_the_journal() -> None:
    strange: Sequence[Json] = [
        None,
        "x",
        {"name": "a"},
        {"samples": "2026"},
        {"samples": [[1, True], ["no", True], []]},
    ]
    assert read_availability([{"topic": "probes", "facts": facts} for facts in strange]) == ()


@given(seconds=st.floats(0.001, 1e7))
def test_a_time_line_has_few_round_marks_from_its_beginning(seconds: float) -> None:
    marks = ticks(seconds)
    assert marks[0] == 0
    assert len(marks) <= 5 or seconds > 4 * 7 * 86400
    assert marks[-1] <= seconds
