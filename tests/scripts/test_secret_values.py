"""Secret values: where they go, what interrupts them, and that nobody sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from lifeboat.core.clock import ManualClock, SystemClock
from lifeboat.core.errors import ConfigError, Stuck
from lifeboat.core.secret import Secret
from scripts.actions.master_password import set_master_password
from scripts.actions.secret_value import generate_value, put_current
from scripts.observe.secret_state import observe_secret
from tests.localcloud_aws.cloud_process import CloudProcess

NAME = "paintbox/production/database-master"
INSTANCE = "paintbox-production-us-west-1-database"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    """Yield a local cloud whose transitions take no time."""
    process = CloudProcess(tmp_path_factory.mktemp("cloud"), "--transition-s", "0")
    yield process.wait_until_ready()
    process.stop()


@pytest.fixture
def secrets(cloud: CloudProcess) -> Iterator[Any]:
    """Yield a Secrets Manager client; one empty secret and one database stand beside it."""
    client = cloud.client("secretsmanager")
    client.create_secret(Name=NAME)
    cloud.client("rds").create_db_instance(
        DBInstanceIdentifier=INSTANCE,
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="paintbox",
        MasterUserPassword="thrown-away",
    )
    yield client
    cloud.admin("POST", "reset")


class FailingRds:
    """An RDS client that dies when it is asked to change something."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def describe_db_instances(self, **arguments: Any) -> Any:
        """Answer as the real one."""
        return self._client.describe_db_instances(**arguments)

    def modify_db_instance(self, **_arguments: Any) -> Any:
        """Be killed."""
        raise KeyboardInterrupt


class NeverSettling:
    """An RDS client whose instance keeps its password pending for ever."""

    def modify_db_instance(self, **_arguments: Any) -> None:
        """Accept the change."""

    def describe_db_instances(self, **_arguments: Any) -> Any:
        """Answer that the change has not happened yet."""
        instance = {
            "MasterUsername": "paintbox",
            "DBInstanceStatus": "available",
            "PendingModifiedValues": {"MasterUserPassword": "****"},
        }
        return {"DBInstances": [instance]}


def current(client: Any) -> Any:
    return json.loads(client.get_secret_value(SecretId=NAME, VersionStage="AWSCURRENT")["SecretString"])


def test_a_secret_without_a_value_is_seen_as_such(secrets: Any) -> None:
    assert observe_secret(secrets, NAME).current_version is None
    put_current(secrets, NAME, Secret("x"))
    assert observe_secret(secrets, NAME).current_version is not None


def test_an_unknown_secret_is_the_operators_mistake(secrets: Any) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        observe_secret(secrets, "nowhere")


def test_generated_values_are_long_and_never_the_same() -> None:
    values = {generate_value().reveal() for _ in range(100)}
    assert len(values) == 100
    assert min(len(value) for value in values) >= 43


def test_the_master_password_ends_in_the_secret_and_nothing_is_left_pending(
    secrets: Any, cloud: CloudProcess
) -> None:
    set_master_password(secrets, cloud.client("rds"), secret=NAME, instance=INSTANCE, clock=SystemClock())
    assert current(secrets)["username"] == "paintbox"
    assert observe_secret(secrets, NAME).is_settled


def test_an_interrupted_one_goes_on_with_the_same_value(secrets: Any, cloud: CloudProcess) -> None:
    rds = cloud.client("rds")
    with pytest.raises(KeyboardInterrupt):
        set_master_password(secrets, FailingRds(rds), secret=NAME, instance=INSTANCE, clock=SystemClock())
    half = observe_secret(secrets, NAME)
    assert half.pending_version is not None
    assert not half.is_settled
    set_master_password(secrets, rds, secret=NAME, instance=INSTANCE, clock=SystemClock())
    whole = observe_secret(secrets, NAME)
    assert whole.current_version == half.pending_version
    assert whole.is_settled


def test_a_rotation_keeps_the_previous_value_at_hand(secrets: Any, cloud: CloudProcess) -> None:
    put_current(secrets, NAME, Secret('{"username": "paintbox", "password": "old"}'))
    set_master_password(secrets, cloud.client("rds"), secret=NAME, instance=INSTANCE, clock=SystemClock())
    assert current(secrets)["password"] != "old"
    previous = secrets.get_secret_value(SecretId=NAME, VersionStage="AWSPREVIOUS")["SecretString"]
    assert json.loads(previous)["password"] == "old"


def test_a_database_that_never_settles_leaves_the_old_value_in_force(secrets: Any) -> None:
    put_current(secrets, NAME, Secret('{"username": "paintbox", "password": "old"}'))
    clock = ManualClock(datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(Stuck, match=INSTANCE) as caught:
        set_master_password(secrets, NeverSettling(), secret=NAME, instance=INSTANCE, clock=clock)
    assert current(secrets)["password"] == "old"
    pending = observe_secret(secrets, NAME).pending_version
    assert pending is not None
    value = secrets.get_secret_value(SecretId=NAME, VersionId=pending)["SecretString"]
    assert json.loads(value)["password"] not in str(caught.value)
