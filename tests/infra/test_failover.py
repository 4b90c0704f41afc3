"""Swapping the primary region in the data, as a failover's last step does, must not move what holds data."""

from __future__ import annotations

import pytest

from tests.infra.environments import EACH, EVERY, desired, recorded, swapped
from tests.infra.recording import Recording, Registration
from tests.infra.sdk_names import input_names
from tests.infra.test_every_resource import STATEFUL

# What the provider can only set at creation (terraform-provider-aws, `ForceNew`); a change of any means a new
# instance. `identifier` is not among them, but a recovery counts on it.
ONLY_AT_CREATION = {
    "dbName",
    "engine",
    "engineLifecycleSupport",
    "identifier",
    "kmsKeyId",
    "region",
    "replicateSourceDb",
    "snapshotIdentifier",
    "storageEncrypted",
    "username",
}
WITH_DATABASE = [name for name in EVERY if desired(name).databases]
PRODUCTION = "production"


def stateful(recording: Recording) -> dict[str, Registration]:
    return {one.urn: one for one in recording.custom if one.type in STATEFUL}


def test_there_are_environments_with_a_database() -> None:
    assert PRODUCTION in WITH_DATABASE


@pytest.mark.parametrize("environment", EACH)
def test_a_swap_neither_adds_nor_renames_buckets_keys_and_secrets(environment: str) -> None:
    before, after = stateful(recorded(environment)), stateful(swapped(environment))
    databases = {urn for urn in {*before, *after} if "aws:rds/instance:Instance" in urn}
    assert set(before) - databases == set(after) - databases
    for urn in set(before) - databases:
        assert after[urn].inputs == before[urn].inputs


def test_a_swap_keeps_both_databases_and_replaces_neither() -> None:
    before = {one.urn: one for one in recorded(PRODUCTION).of("rds/instance:Instance")}
    after = {one.urn: one for one in swapped(PRODUCTION).of("rds/instance:Instance")}
    assert len(before) == 2
    assert set(before) == set(after)
    for urn, old in before.items():
        new = after[urn]
        differing = {
            name for name in {*old.inputs, *new.inputs} if old.inputs.get(name) != new.inputs.get(name)
        }
        assert differing & ONLY_AT_CREATION - set(new.ignore_changes) == set()
        assert {"replicateSourceDb", "password", "username", "engine"} <= set(new.ignore_changes)


def test_the_other_database_is_the_source_after_a_swap() -> None:
    def source_of(recording: Recording) -> dict[str, str]:
        arns = {one.outputs["arn"]: one.region for one in recording.of("rds/instance:Instance")}
        return {
            one.region: arns[one.inputs["replicateSourceDb"]]
            for one in recording.of("rds/instance:Instance")
            if "replicateSourceDb" in one.inputs
        }

    home, other = desired(PRODUCTION).topology.regions
    assert source_of(recorded(PRODUCTION)) == {other: home}
    assert source_of(swapped(PRODUCTION)) == {home: other}


def test_the_manifest_moves_to_the_new_recovery_region_and_the_old_copy_stays() -> None:
    (before,) = recorded(PRODUCTION).of("s3/bucketObjectv2:BucketObjectv2")
    (after,) = swapped(PRODUCTION).of("s3/bucketObjectv2:BucketObjectv2")
    assert before.region != after.region
    assert before.retain_on_delete
    assert not before.protect


def test_nothing_protected_goes_away_in_a_swap() -> None:
    """Pulumi would refuse the whole update otherwise."""
    gone = {one.urn for one in recorded(PRODUCTION).custom} - {one.urn for one in swapped(PRODUCTION).custom}
    assert [one.name for one in recorded(PRODUCTION).custom if one.urn in gone and one.protect] == []


@pytest.mark.parametrize("environment", WITH_DATABASE)
def test_ignored_changes_are_properties_of_the_type(environment: str) -> None:
    for one in recorded(environment).custom:
        assert set(one.ignore_changes) <= input_names(one.type)


@pytest.mark.parametrize("environment", WITH_DATABASE)
def test_the_engine_version_follows_the_data_unless_there_is_a_pair(environment: str) -> None:
    """The provider refuses a version beside a source, which a promoted replica keeps in the state."""
    databases = recorded(environment).of("rds/instance:Instance")
    paired = any("replicateSourceDb" in one.inputs for one in databases)
    assert {"engineVersion" in one.ignore_changes for one in databases} == {paired}


def test_there_are_databases_with_and_without_a_replica() -> None:
    counts = {len(desired(name).databases) for name in WITH_DATABASE}
    assert counts == {1, 2}


def test_a_replica_is_told_nothing_that_only_its_source_decides() -> None:
    (replica,) = [
        one for one in recorded(PRODUCTION).of("rds/instance:Instance") if "replicateSourceDb" in one.inputs
    ]
    decided_by_source = {"allocatedStorage", "dbName", "engine", "engineVersion", "password", "username"}
    assert decided_by_source & set(replica.inputs) == set()
    assert replica.inputs["storageEncrypted"] is True
