"""Nothing is pretended: every operation of RDS is emulated or refused, and moto's traps are gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from localcloud.aws.rds.not_emulated import NOT_EMULATED
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import make_database
from tests.localcloud_aws.stock_process import TRAPS

MODEL = botocore.session.get_session().get_service_model("rds")
_VALUES: dict[str, Any] = {
    "string": "x" * 20,
    "integer": 1,
    "double": 1.0,
    "long": 1,
    "boolean": True,
    "timestamp": "2026-01-01T00:00:00Z",
}


def arguments_of(operation: str) -> dict[str, Any]:
    """Return the least that botocore sends for an operation."""
    shape = MODEL.operation_model(operation).input_shape
    if shape is None:
        return {}
    return {name: _value(shape.members[name]) for name in shape.required_members}


def _value(shape: Any) -> Any:
    if shape.type_name == "list":
        return [_value(shape.member)]
    if shape.type_name == "structure":
        return {name: _value(shape.members[name]) for name in shape.required_members}
    return shape.enum[0] if getattr(shape, "enum", None) else _VALUES[shape.type_name]


def test_every_operation_is_emulated_or_refused_as_the_matrix_says(cloud: CloudProcess) -> None:
    matrix = cloud.admin("GET", "coverage")["services"]["rds"]
    emulated, refused = {*matrix["repaired"], *matrix["implemented"]}, set(matrix["not_emulated"])
    assert emulated | refused == set(MODEL.operation_names)
    assert not emulated & refused
    assert set(NOT_EMULATED) == set(matrix["reasons"]) <= refused
    pretended = []
    for operation in sorted(refused):
        try:
            cloud.client("rds")._make_api_call(operation, arguments_of(operation))
            pretended.append(operation)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NotSupportedByLocalCloud":
                pretended.append(f"{operation}: {error}")
    assert pretended == []


def test_a_refusal_says_why(cloud: CloudProcess) -> None:
    with pytest.raises(ClientError, match="nothing listens at a proxy's endpoint"):
        cloud.client("rds").describe_db_proxies()
    with pytest.raises(ClientError, match=r"NotSupportedByLocalCloud.*clusters have no servers"):
        cloud.client("rds").create_db_instance(
            DBInstanceIdentifier="member",
            DBInstanceClass="db.r6g.large",
            Engine="aurora-postgresql",
            DBClusterIdentifier="cluster",
        )


@pytest.fixture(scope="module")
def slow_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    """A cloud in which databases take their time; it has one that is being made."""
    process = CloudProcess(tmp_path_factory.mktemp("slow"), "--transition-s", "600").wait_until_ready()
    make_database(process, "slow")
    yield process
    process.stop()


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.__name__.strip("_"))
def test_the_trap_of_stock_moto_is_gone(slow_cloud: CloudProcess, trap: Any) -> None:
    try:
        is_caught = trap(slow_cloud.client)
    except ClientError:
        # Refused, which is the other way not to be caught.
        is_caught = False
    assert is_caught is False
