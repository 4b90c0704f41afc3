"""The master password lies in a secret of ours: RDS's own goes with its database and forbids a replica."""

from __future__ import annotations

import pytest

from tests.infra.environments import EACH, EVERY, desired, recorded, swapped
from tests.infra.recording import Registration

MANAGED = {"manageMasterUserPassword", "masterUserSecretKmsKeyId"}


def databases(environment: str) -> list[Registration]:
    every = (recorded(environment), swapped(environment))
    return [one for recording in every for one in recording.of("rds/instance:Instance")]


@pytest.mark.fault("F29")
@pytest.mark.parametrize("environment", EACH)
def test_no_database_has_a_password_that_rds_manages(environment: str) -> None:
    assert [one.urn for one in databases(environment) if MANAGED & set(one.inputs)] == []


@pytest.mark.fault("F29")
def test_there_is_a_replica_that_a_managed_password_would_forbid() -> None:
    with_replica = [name for name in EVERY if len(desired(name).databases) > 1]
    assert with_replica
    for name in with_replica:
        assert [one for one in databases(name) if "replicateSourceDb" in one.inputs]
