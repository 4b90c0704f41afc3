"""A failover changes one line of data, and nothing that holds data is renamed, moved or replaced by it."""

from dataclasses import replace

import pytest

from infra.desired import build
from infra.desired.model import DatabaseRole, DesiredEnvironment
from tests.unit.infra.texts import KNOWN, config_of, tree_of

WITH_REPLICA = ["local", "production", "prep"]
WITH_BACKUPS = ["staging", "proofkit", "bunty"]


def before_and_after(
    environment: str, *changes: tuple[str, object]
) -> tuple[DesiredEnvironment, DesiredEnvironment]:
    other = tree_of(environment)["topology"]["regions"][1]
    swapped = config_of(environment, ("topology.primary_region", other), *changes)
    return build(config_of(environment)), build(swapped)


def test_the_tiers_of_the_environments_are_as_this_test_believes() -> None:
    assert {*WITH_REPLICA, *WITH_BACKUPS, "template-app"} == set(KNOWN)


@pytest.mark.parametrize("environment", WITH_REPLICA)
def test_a_failover_keeps_everything_stateful_exactly_as_it_is(environment: str) -> None:
    before, after = before_and_after(environment)
    assert after.keys == before.keys
    assert after.buckets == before.buckets
    assert after.secrets == before.secrets
    assert after.networks == before.networks
    assert after.parameter_groups == before.parameter_groups
    assert after.subnet_groups == before.subnet_groups


@pytest.mark.parametrize("environment", WITH_REPLICA)
def test_a_failover_changes_of_a_database_only_its_role_source_and_standby(environment: str) -> None:
    before, after = before_and_after(environment)
    by_name = {database.name: database for database in after.databases}
    assert [each.name for each in before.databases] == [each.name for each in after.databases]
    for old in before.databases:
        new = by_name[old.name]
        assert new.role is not old.role
        assert replace(new, role=old.role, source=old.source, multi_az=old.multi_az) == old


@pytest.mark.parametrize("environment", WITH_BACKUPS)
def test_with_replicated_backups_the_old_primary_is_kept_by_naming_its_region(environment: str) -> None:
    home = tree_of(environment)["topology"]["regions"][0]
    before, after = before_and_after(environment, ("database.kept_regions", [home]))
    former, primary = after.databases
    assert (former.role, primary.role) == (DatabaseRole.FORMER, DatabaseRole.PRIMARY)
    assert former.physical_name == before.databases[0].physical_name
    assert (after.keys, after.buckets, after.secrets) == (before.keys, before.buckets, before.secrets)


@pytest.mark.parametrize("environment", KNOWN)
def test_failing_over_and_back_gives_the_first_model_again(environment: str) -> None:
    home = tree_of(environment)["topology"]["regions"][0]
    there_and_back = config_of(environment, ("topology.primary_region", home))
    assert build(there_and_back) == build(config_of(environment))


def test_the_manifest_and_the_replicated_backups_follow_the_recovery_region() -> None:
    before, after = before_and_after("production")
    assert (before.manifest.region, after.manifest.region) == ("us-east-2", "us-west-1")
    assert [each.region for each in before.backup_replications] == ["us-east-2"]
    assert [each.region for each in after.backup_replications] == ["us-west-1"]


def test_a_failover_moves_the_watch_over_app_and_drills_to_the_other_region() -> None:
    before, after = before_and_after("production")
    own = {alarm.region for alarm in before.alarms if alarm.name.startswith("app-")}
    moved = {alarm.region for alarm in after.alarms if alarm.name.startswith("app-")}
    assert (own, moved) == ({"us-east-2"}, {"us-west-1"})
