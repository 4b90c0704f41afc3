"""A forecast rests on what was measured, and says so; without a measurement it is the step's default."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.engine.forecast import Sample, forecast
from scripts.engine.history import read_history
from scripts.engine.places import report_key
from tests.recovery.operators import Site
from tests.recovery.plans import a_plan, a_step


def taken(*durations_s: float, size: float | None = None, kind: str = "copy") -> list[Sample]:
    return [Sample(kind=kind, size=size, duration_s=duration_s) for duration_s in durations_s]


def test_without_a_measurement_it_is_the_default_and_says_so() -> None:
    found = forecast("copy", None, default_s=90.0, history=taken(5.0, kind="other"))
    assert (found.median_s, found.p90_s, found.samples) == (90.0, 90.0, 0)
    assert "default" in found.basis


def test_the_median_and_the_90th_percentile_of_what_was_measured() -> None:
    found = forecast("copy", None, default_s=1.0, history=taken(*map(float, range(1, 12))))
    assert (found.median_s, found.p90_s) == (6.0, 10.0)
    assert found.basis == "measured in 11 earlier runs"


def test_one_outlier_does_not_move_the_median() -> None:
    assert forecast("copy", None, default_s=1.0, history=taken(10.0, 11.0, 9000.0)).median_s == 11.0


def test_with_few_sizes_it_grows_in_proportion() -> None:
    found = forecast("copy", 40.0, default_s=1.0, history=taken(100.0, size=10.0))
    assert found.median_s == pytest.approx(400.0)


def test_with_three_sizes_a_fixed_part_is_told_from_a_part_per_size() -> None:
    history = [*taken(70.0, size=1.0), *taken(80.0, size=2.0), *taken(100.0, size=4.0)]
    found = forecast("copy", 10.0, default_s=1.0, history=history)
    assert found.median_s == pytest.approx(160.0), "60 s and 10 s per GiB"


def test_sized_and_unsized_measurements_are_not_mixed() -> None:
    assert forecast("copy", None, default_s=7.0, history=taken(100.0, size=1.0)).samples == 0
    assert forecast("copy", 2.0, default_s=7.0, history=taken(100.0)).samples == 0
    assert forecast("copy", 2.0, default_s=7.0, history=taken(100.0, size=0.0)).samples == 0


def test_measurements_of_almost_nothing_do_not_blow_up_the_forecast() -> None:
    points = [(1.0, 0.0), (1.0, 2.0), (1.0, 2.0), (2.0, 1e-308), (3.0, 0.0)]
    history = [Sample(kind="copy", size=at, duration_s=duration_s) for at, duration_s in points]
    found = forecast("copy", 1.0, default_s=1.0, history=history)
    assert 0 <= found.median_s <= found.p90_s <= 2


SIZES = st.floats(min_value=0.1, max_value=1e4)


@settings(deadline=None)
@given(st.lists(st.tuples(SIZES, st.floats(min_value=0, max_value=1e5)), min_size=1, max_size=12), SIZES)
def test_a_forecast_is_never_negative_and_ordered(points: list[tuple[float, float]], size: float) -> None:
    history = [Sample(kind="copy", size=at, duration_s=duration_s) for at, duration_s in points]
    found = forecast("copy", size, default_s=1.0, history=history)
    assert 0 <= found.median_s <= found.p90_s * 1.000001
    assert found.samples == len(points)


def test_the_history_is_what_ended_runs_measured(tmp_path: Path) -> None:
    site = Site(tmp_path, looks=3)
    site.operator().run(a_plan(a_step(size=8.0)))
    site.world.things.clear()
    site.wait(5)
    site.operator().run(a_plan(a_step(size=4.0)))
    assert [(s.kind, s.size, s.duration_s) for s in read_history(site.store)] == [
        ("make", 4.0, 3.0),
        ("make", 8.0, 3.0),
    ]


def test_what_was_found_done_is_no_measurement_and_a_damaged_report_is_passed_over(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.switches["turn-over"] = True
    site.operator().run(a_plan(a_step("turn-over", kind="flip")))
    site.store.put_if_absent(report_key("run-damaged"), b"{")
    assert read_history(site.store) == ()
