"""Names and regions Fly would refuse are refused first, with what to write instead."""

from __future__ import annotations

import pytest

from lifeboat.fly.rules.names import app_name_problem, machine_name_problem, volume_name_problem
from lifeboat.fly.rules.regions import FLY_REGIONS, RETIRED_FLY_REGIONS, fly_region_problem


@pytest.mark.parametrize("name", ["a", "web-1", "0", "a" * 62])
def test_names_fly_accepts_pass(name: str) -> None:
    assert app_name_problem(name) is None
    assert machine_name_problem(name) is None


@pytest.mark.parametrize("name", ["", "Web", "web_1", "-web", "web-", "wéb", "web.1", "a" * 63, "web\n"])
def test_names_fly_refuses_are_named_with_their_kind(name: str) -> None:
    assert "app" in (app_name_problem(name) or "")
    assert "machine" in (machine_name_problem(name) or "")


def test_volume_names_have_underscores_and_no_dashes() -> None:
    assert volume_name_problem("pg_data") is None
    assert "'pg-data'" in (volume_name_problem("pg-data") or "")
    assert volume_name_problem("a" * 31) is not None


def test_a_retired_region_names_the_nearest_living_one() -> None:
    assert fly_region_problem("sea") == "fly region 'sea' was retired; the nearest is 'sjc'"
    assert set(RETIRED_FLY_REGIONS.values()) <= FLY_REGIONS
    assert not FLY_REGIONS & set(RETIRED_FLY_REGIONS)
    assert fly_region_problem("ams") is None
    assert "unknown fly region 'xyz'" in (fly_region_problem("xyz") or "")
