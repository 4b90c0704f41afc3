"""Faults by region, service and operation; the clock; typed refusals in every protocol."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from localcloud.aws.faults import FaultBoard, FaultKind, FaultSpec
from localcloud.aws.request_scope import RequestScope
from tests.localcloud_aws.cloud_process import CLOCK, CloudProcess
from tests.localcloud_aws.rds_world import AWAY, HOME, make_database
from tests.localcloud_aws.s3_world import make_bucket


def _declare(cloud: CloudProcess, kind: str, **fields: object) -> int:
    return int(cloud.admin("POST", "faults", {"kind": kind, **fields})["id"])


def test_a_lost_region_is_lost_for_every_service_and_the_other_is_not(cloud: CloudProcess) -> None:
    _declare(cloud, "error", region=HOME)
    for service, operation in (
        ("rds", "describe_db_instances"),
        ("kms", "list_keys"),
        ("sns", "list_topics"),
    ):
        with pytest.raises(ClientError) as lost:
            getattr(cloud.client(service, HOME), operation)()
        assert lost.value.response["Error"]["Code"] == "ServiceUnavailable"
        assert lost.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
        getattr(cloud.client(service, AWAY), operation)()
    assert cloud.admin("GET", "health")["region_faults"] == 1


def test_a_bucket_is_lost_with_its_own_region_whoever_asks(cloud: CloudProcess) -> None:
    make_bucket(cloud, "there", AWAY)
    _declare(cloud, "error", region=AWAY)
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        cloud.client("s3", HOME).list_objects_v2(Bucket="there")


def test_an_error_can_be_limited_to_an_operation_and_a_number_of_times(cloud: CloudProcess) -> None:
    _declare(cloud, "error", service="kms", action="Create*", status=429, code="ThrottlingException", times=2)
    kms = cloud.client("kms")
    for _ in range(2):
        with pytest.raises(ClientError, match="ThrottlingException"):
            kms.create_key()
    kms.list_keys()
    kms.create_key()
    assert cloud.admin("GET", "faults")["faults"][0]["hits"] == 2


def test_latency_delays_and_then_serves(cloud: CloudProcess) -> None:
    _declare(cloud, "latency", service="sns", delay_s=1.0)
    started_s = CLOCK.monotonic_s()
    cloud.client("sns").list_topics()
    assert CLOCK.monotonic_s() - started_s >= 1


def test_a_hang_ends_with_the_clients_own_timeout(cloud: CloudProcess) -> None:
    _declare(cloud, "hang", service="sns")
    config = Config(retries={"total_max_attempts": 1}, read_timeout=1)
    with pytest.raises(ReadTimeoutError):
        cloud.new_client("sns", HOME, config).list_topics()


def test_a_dropped_connection_does_nothing_on_the_server(cloud: CloudProcess) -> None:
    fault = _declare(cloud, "drop", service="sns")
    with pytest.raises(ConnectionClosedError):
        cloud.client("sns").create_topic(Name="t")
    cloud.admin("DELETE", f"faults?id={fault}")
    assert cloud.client("sns").list_topics()["Topics"] == []


def test_after_a_timeout_after_write_the_thing_is_there(cloud: CloudProcess) -> None:
    fault = _declare(cloud, "timeout_after_write", service="rds", action="CreateDBInstance", delay_s=0)
    with pytest.raises(ConnectionClosedError):
        make_database(cloud, "db")
    cloud.admin("DELETE", f"faults?id={fault}")
    found = cloud.client("rds").describe_db_instances()["DBInstances"]
    assert [instance["DBInstanceIdentifier"] for instance in found] == ["db"]


def test_a_fault_that_makes_no_sense_is_refused(cloud: CloudProcess) -> None:
    for body in ({"kind": "meteor"}, {"kind": "error", "status": 200}, {"kind": "error", "wrong": 1}):
        answer = httpx.post(f"{cloud.url}/_lifeboat/faults", json=body)
        assert answer.status_code == 400
        assert "error" in answer.json()


def test_a_used_up_fault_lets_the_next_one_meet() -> None:
    board = FaultBoard()
    board.declare(FaultSpec(kind=FaultKind.DROP, service="s3", times=1))
    board.declare(FaultSpec(kind=FaultKind.ERROR, region="r"))
    scope = RequestScope(region="r", service="s3", action="GetObject")
    kinds = [found.kind for found in (board.take(scope), board.take(scope)) if found]
    assert kinds == [FaultKind.DROP, FaultKind.ERROR]
    assert board.is_region_down("r")
    assert not board.is_region_down("other")


def test_time_moves_forward_and_never_back(cloud: CloudProcess) -> None:
    before = datetime.fromisoformat(cloud.admin("GET", "clock")["now"])
    cloud.advance(40 * 86400)
    after = cloud.admin("GET", "clock")
    assert datetime.fromisoformat(after["now"]) - before >= timedelta(days=40)
    assert after["advanced_s"] == 40 * 86400
    assert httpx.post(f"{cloud.url}/_lifeboat/clock", json={"advance_s": -1}).status_code == 400
    assert httpx.post(f"{cloud.url}/_lifeboat/clock", json={"advance_s": 1e12}).status_code == 400
    created_at = make_database(cloud, "db")["InstanceCreateTime"]
    assert created_at - before >= timedelta(days=40)


UNSUPPORTED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("rds", "describe_certificates", {}),
    ("cloudwatch", "describe_anomaly_detectors", {}),
    ("kms", "update_primary_region", {"KeyId": "k", "PrimaryRegion": "us-east-2"}),
    ("ec2", "describe_instance_types", {}),
    ("s3", "get_bucket_metrics_configuration", {"Bucket": "b", "Id": "x"}),
    ("backup", "list_backup_jobs", {}),
    ("secretsmanager", "validate_resource_policy", {"ResourcePolicy": "{}"}),
    ("pi", "describe_dimension_keys", {}),
    ("iam", "simulate_principal_policy", {"PolicySourceArn": "a" * 20, "ActionNames": ["abc"]}),
    ("route53", "test_dns_answer", {"HostedZoneId": "Z", "RecordName": "r", "RecordType": "A"}),
    ("logs", "list_anomalies", {}),
)


@pytest.mark.parametrize(("service", "operation", "arguments"), UNSUPPORTED)
def test_what_is_not_emulated_is_refused_in_the_services_own_protocol(
    cloud: CloudProcess, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    if service == "pi":
        arguments = {
            "ServiceType": "RDS",
            "Identifier": "db-X",
            "StartTime": CLOCK.now() - timedelta(hours=1),
            "EndTime": CLOCK.now(),
            "Metric": "db.load.avg",
            "GroupBy": {"Group": "db.sql"},
        }
    with pytest.raises(ClientError) as refused:
        getattr(cloud.client(service), operation)(**arguments)
    assert refused.value.response["Error"]["Code"] == "NotSupportedByLocalCloud"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_motos_own_control_api_is_closed(cloud: CloudProcess) -> None:
    assert httpx.post(f"{cloud.url}/moto-api/reset").status_code == 501


def test_an_unknown_admin_request_is_not_found(cloud: CloudProcess) -> None:
    assert httpx.get(f"{cloud.url}/_lifeboat/nothing").status_code == 404
