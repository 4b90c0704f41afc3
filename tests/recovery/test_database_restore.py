"""A database is restored to a moment on real servers, while somebody writes to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lifeboat.core.clock import SystemClock
from scripts.engine.moments import write_moment
from tests.localcloud_aws.rds_world import describe
from tests.localcloud_aws.steady_writer import SteadyWriter
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
