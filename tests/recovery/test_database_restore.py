"""A database is restored to a moment on real servers, while somebody writes to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lifeboat.core.clock import SystemClock
from scripts.engine.moments import write_moment
from tests.localcloud_aws.rds_world import describe
from tests.localcloud_aws.steady_writer import SteadyWriter
from tests.recovery.heart import Heart
from tests.recovery.restore_site import NAME, RestoreSite, restore_site
from tests.waiting import soon

_CLOCK = SystemClock()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestoreSite]:
    with restore_site(tmp_path_factory.mktemp("site")) as made:
        yield made


def rows(site: RestoreSite, name: str) -> set[int]:
    with site.cloud.connect(name) as connection:
        return {row[0] for row in connection.execute("select id from written").fetchall()}


def test_a_restore_beside_the_primary_has_exactly_what_was_acknowledged_before_the_moment(
    site: RestoreSite,
) -> None:
    assert soon(lambda: site.cloud.restore_window(NAME) != {}, 60)
    with SteadyWriter(lambda: site.cloud.connect(NAME)) as writer:
        assert writer.wait_for(20)
        at = _CLOCK.now()
        assert writer.wait_for(20)
        site.restorable_to(at)
        report = site.run(site.plan(write_moment(at), into="beside"))
        assert writer.wait_for(5), "the primary goes on"
    assert report.outcome == "done"
    restored = rows(site, "beside")
    assert writer.acknowledged_before(at) <= restored
    later = {id_ for id_ in writer.sent if id_ > max(writer.acknowledged_before(at)) + 1}
    assert not restored & later
    assert site.names() == ["beside", NAME]
    made, source = describe(site.cloud.aws, "beside"), describe(site.cloud.aws, NAME)
    for setting in ("DeletionProtection", "VpcSecurityGroups", "CopyTagsToSnapshot", "BackupRetentionPeriod"):
        assert made[setting] == source[setting], setting
    assert made["DBParameterGroups"][0]["DBParameterGroupName"] == "own"
    assert made["EnabledCloudwatchLogsExports"] == ["postgresql"]


def test_a_swap_keeps_the_endpoint_and_measures_what_it_cost(site: RestoreSite) -> None:
    with Heart(lambda: site.cloud.connect(NAME)) as heart:
        assert heart.wait_for(20)
        at = _CLOCK.now()
        assert heart.wait_for(20)
        site.restorable_to(at)
        plan = site.plan(write_moment(at))
        endpoint = describe(site.cloud.aws, NAME)["Endpoint"]
        report = site.run(plan)
        assert heart.wait_for(5)
    assert report.outcome == "done"
    assert describe(site.cloud.aws, NAME)["Endpoint"] == endpoint
    (aside,) = [name for name in site.names() if "-before-" in name]
    tags = {tag["Key"]: tag["Value"] for tag in describe(site.cloud.aws, aside)["TagList"]}
    assert tags["lifeboat:replaced"] == NAME
    assert tags["lifeboat:expires-at"] > write_moment(_CLOCK.now())
    with site.cloud.connect(NAME) as new, site.cloud.connect(aside) as old:
        kept = {row[0] for row in new.execute("select id from lifeboat_heartbeat").fetchall()}
        before = {row[0] for row in old.execute("select id from lifeboat_heartbeat").fetchall()}
    assert heart.acknowledged_before(at) <= kept
    lost_s, outage_s = heart.lost_s(kept, before), heart.longest_silence_s
    assert report.loss.measured_s == pytest.approx(lost_s, abs=1.0)
    assert report.back.measured_s == pytest.approx(outage_s, abs=1.0)
