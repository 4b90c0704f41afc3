"""Our own snapshots: taken once, copied into the other region, removed by the same retention as copies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import StepFailed
from scripts.actions.rds_snapshot import SnapshotJob, take_snapshot
from scripts.actions.rds_snapshot_prune import apply_snapshot_prune, plan_snapshot_prune
from scripts.backup.retention import Retention
from scripts.backup.snapshots import TAG, Owner, new_name
from scripts.observe.aws import NoAnswer
from tests.backup.manifests import DAY, NOW
from tests.backup.provided import Provided, provided
from tests.builders import HOME, OTHER
from tests.localcloud_aws.real_cloud import RealCloud
from tests.waiting import soon

OWNER = Owner(product="paintbox", environment="production")
MONTH = Retention(age=30 * DAY, minimum=3)


@pytest.fixture(scope="module")
def shared(cloud: RealCloud) -> Iterator[Provided]:
    with provided(cloud) as environment:
        yield environment


@pytest.fixture
def environment(shared: Provided) -> Iterator[Provided]:
    """The module's environment, with neither faults nor snapshots of ours afterwards."""
    yield shared
    shared.heal()
    for region in (HOME, OTHER):
        for name, found in shared.snapshots(region).items():
            if found["SnapshotType"] == "manual":
                shared.rds(region).delete_db_snapshot(DBSnapshotIdentifier=name)


def a_job(environment: Provided, **changes: Any) -> SnapshotJob:
    values: dict[str, Any] = {
        "clients": environment.world.cloud.aws.client,
        "identifier": environment.world.instance,
        "home": HOME,
        "away": OTHER,
        "key": environment.changes["keys"]["database"][OTHER],
        "owner": OWNER,
        "within_s": 60.0,
        **changes,
    }
    return SnapshotJob(**values)


def ours(environment: Provided, region: str) -> set[str]:
    """Return the names of what has our tag."""
    found = environment.snapshots(region).items()
    return {name for name, each in found if any(tag["Key"] == TAG for tag in each["TagList"])}


def statuses(environment: Provided) -> set[str]:
    """Return in which states the snapshots at home are."""
    return {str(each["Status"]) for each in environment.snapshots(HOME).values()}


def test_a_snapshot_is_taken_and_copied_with_the_other_regions_key_and_listed(environment: Provided) -> None:
    code, envelope, said = environment.lifeboat("backup", "create", "--snapshot")
    assert code == 0, said
    name = envelope["data"]["snapshot"]
    assert envelope["data"]["regions"] == [HOME, OTHER]
    for region in (HOME, OTHER):
        assert environment.snapshots(region)[name]["Status"] == "available"
    copy = environment.snapshots(OTHER)[name]
    assert copy["KmsKeyId"] == environment.changes["keys"]["database"][OTHER]
    tags = {tag["Key"]: tag["Value"] for tag in copy["TagList"]}
    assert tags == {"product": "paintbox", "environment": "production", TAG: "production"}

    code, envelope, said = environment.lifeboat("backup", "list")
    assert code == 0, said
    home, away = envelope["data"]["provider"]
    assert [each["name"] for each in home["snapshots"] if not each["automatic"]] == [name]
    assert [each["name"] for each in away["snapshots"] if not each["automatic"]] == [name]
    assert (home["replicated"], away["replicated"]) == (False, True)
    assert home["latest_at"] is not None


def test_what_was_interrupted_between_the_regions_is_taken_up_and_not_made_twice(
    environment: Provided,
) -> None:
    environment.fail("error", service="rds", region=OTHER, action="CopyDBSnapshot")
    with pytest.raises(StepFailed, match=f"in {OTHER}: after 3s"):
        take_snapshot(a_job(environment, within_s=3.0))
    [half] = ours(environment, HOME)
    assert ours(environment, OTHER) == set()
    environment.heal()
    taken = take_snapshot(a_job(environment))
    assert (taken.name, taken.resumed) == (half, True)
    assert ours(environment, HOME) == ours(environment, OTHER) == {half}


def test_a_process_that_is_killed_while_the_copy_is_asked_for_is_taken_up_by_the_next(
    environment: Provided,
) -> None:
    environment.fail(
        "timeout_after_write", service="rds", region=OTHER, action="CopyDBSnapshot", times=1, delay_s=60
    )
    process = environment.begin("backup", "create", "--snapshot")
    assert soon(lambda: bool(ours(environment, OTHER)), 60)
    process.kill()
    process.wait(10)
    [name] = ours(environment, HOME)
    code, envelope, said = environment.lifeboat("backup", "create", "--snapshot")
    assert (code, envelope["data"]["snapshot"], envelope["data"]["resumed"]) == (0, name, True), said
    assert ours(environment, HOME) == ours(environment, OTHER) == {name}


def test_a_lost_answer_makes_no_second_snapshot(environment: Provided) -> None:
    for region, action in ((HOME, "CreateDBSnapshot"), (OTHER, "CopyDBSnapshot")):
        environment.fail(
            "timeout_after_write", service="rds", region=region, action=action, times=1, delay_s=0
        )
    taken = take_snapshot(a_job(environment))
    assert not taken.resumed
    assert ours(environment, HOME) == ours(environment, OTHER) == {taken.name}


def test_a_lost_recovery_region_leaves_a_snapshot_at_home_and_says_so(environment: Provided) -> None:
    environment.fail("drop", service="rds", region=OTHER)
    with pytest.raises(NoAnswer, match=OTHER):
        take_snapshot(a_job(environment, silence_s=1.0))
    [name] = ours(environment, HOME)
    assert soon(lambda: environment.snapshots(HOME)[name]["Status"] == "available", 30)
    code, envelope, said = environment.lifeboat("backup", "list", "--region", HOME)
    assert code == 0, said
    home, away = envelope["data"]["provider"]
    assert away["unreachable"]
    assert name in [each["name"] for each in home["snapshots"]]


def test_a_region_that_refuses_to_be_looked_at_is_named_and_costs_no_age(environment: Provided) -> None:
    environment.fail(
        "error", service="rds", region=HOME, action="DescribeDB*", status=403, code="AccessDenied"
    )
    assert environment.lifeboat("backup", "create", "--database", "app")[0] == 0
    code, envelope, said = environment.lifeboat("backup", "age", "--publish")
    assert code == 0, said
    home, away = envelope["data"]["provider"]
    assert "AccessDenied" in home["unreachable"]
    assert away["unreachable"] == ""
    assert "BackupAge" in envelope["data"]["published"][HOME]


def test_prune_removes_ours_by_region_and_never_anybody_elses(environment: Provided) -> None:
    rds, instance = environment.rds(HOME), environment.world.instance
    names = [new_name(instance, SystemClock().now() - days * DAY) for days in (41, 42, 43, 44)]
    tags = [{"Key": name, "Value": value} for name, value in OWNER.tags.items()]
    foreign = [{**tags[0], "Value": "other"}, *tags[1:]]
    made = [(name, tags) for name in names]
    made += [(f"{instance}-by-hand", tags), (new_name("other", NOW - 300 * DAY), foreign)]
    for name, carried in made:
        rds.create_db_snapshot(DBInstanceIdentifier=instance, DBSnapshotIdentifier=name, Tags=carried)
    assert soon(lambda: statuses(environment) == {"available"}, 60)
    before = set(environment.snapshots(HOME))
    clients = environment.world.cloud.aws.client
    held = plan_snapshot_prune(
        clients, (HOME, OTHER), OWNER, MONTH, SystemClock().now(), held_by="held by run-1"
    )
    assert (held.removes, len(held.verdicts)) == ((), 4)

    environment.fail(
        "error", service="rds", action="DeleteDBSnapshot", status=403, code="AccessDenied", times=1
    )
    plan = plan_snapshot_prune(clients, (HOME, OTHER), OWNER, MONTH, SystemClock().now())
    gone = apply_snapshot_prune(clients, plan, print)
    assert (gone.removed, gone.not_allowed, gone.failed) == ((), (f"{HOME}/{names[3]}",), ())

    code, envelope, said = environment.lifeboat("backup", "prune", "--apply")
    assert code == 0, said
    assert envelope["data"]["snapshots"]["removed"] == [f"{HOME}/{names[3]}"]
    assert before - set(environment.snapshots(HOME)) == {names[3]}
