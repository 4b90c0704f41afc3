"""Regions are known with and without an answer; placements only with one."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.platform import PlacementWish, Platform
from lifeboat.fly.rules.regions import FLY_REGIONS
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import answers, no, ok

ROWS = [{"code": "fra", "name": "Frankfurt"}, {"code": "waw", "deprecated": True}, {"code": "new"}]
LIVE = ok({"regions": ROWS, "nearest": "fra"})


def test_a_deprecated_region_is_listed_and_refused(fly: Fly) -> None:
    regions = Platform(fly(answers(LIVE)).http()).regions()
    assert (regions.nearest, regions.is_live) == ("fra", True)
    assert regions.codes == {"fra", "new"}
    assert regions.problem("fra") is None
    assert regions.problem("new") is None
    assert regions.problem("waw") == "fly region 'waw' is deprecated; it takes no new machines"
    assert "the nearest is 'sjc'" in (regions.problem("sea") or "")
    assert regions.problem("ams") == "fly does not offer its region 'ams' any more"


@pytest.mark.parametrize(
    "failure",
    [no(503, "down"), no(401, "Authenticate"), ok({"regions": []}), ok("?"), httpx.ConnectError("no")],
)
def test_without_an_answer_a_built_in_table_stands_in(fly: Fly, failure: httpx.Response | Exception) -> None:
    regions = Platform(fly(answers(failure)).http()).regions()
    assert (regions.codes, regions.is_live) == (FLY_REGIONS, False)
    assert regions.problem("sea") is not None


def test_an_answer_is_kept_for_an_hour_and_beyond_while_there_is_no_other(fly: Fly) -> None:
    scripted = fly(answers(LIVE, no(400, "no")))
    platform = Platform(scripted.http())
    assert platform.regions() is platform.regions()
    assert len(scripted.requests) == 1
    scripted.clock.advance(timedelta(hours=2))
    assert platform.regions().codes == {"fra", "new"}
    assert len(scripted.requests) == 2


def test_placements_are_asked_for_as_declared(fly: Fly) -> None:
    scripted = fly(answers(ok({"regions": [{"region": "fra", "count": 2, "concurrency": 1}]})))
    wish = PlacementWish(
        organization="lifeboat", regions="fra,eu", count=2, compute={"cpus": 1}, weights={"spread": 5}
    )
    (placement,) = Platform(scripted.http()).placements(wish)
    assert (placement.region, placement.count) == ("fra", 2)
    assert scripted.body() == {
        "org_slug": "lifeboat",
        "region": "fra,eu",
        "count": 2,
        "compute": {"cpus": 1},
        "weights": {"spread": 5},
    }


def test_there_is_no_substitute_for_placements(fly: Fly) -> None:
    with pytest.raises(errors.Unavailable):
        Platform(fly(answers(no(503, "down"))).http()).placements(
            PlacementWish(organization="o", regions="fra")
        )
