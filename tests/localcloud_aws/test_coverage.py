"""The coverage report says what is true, and the explanation page says what the report says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.aws.coverage import SERVICES
from localcloud.aws.limits import EVERYWHERE, LIMITS
from localcloud.aws.repairs.catalogue import REPAIRS
from tests.localcloud_aws.cloud_process import CloudProcess

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "local-cloud.md"


@pytest.fixture(scope="session")
def report(shared_cloud: CloudProcess) -> Any:
    return shared_cloud.admin("GET", "coverage")


def test_every_repair_belongs_to_a_known_service_and_names_real_operations(report: Any) -> None:
    for repair in REPAIRS:
        if not repair.service:
            continue
        service = report["services"][repair.service]
        answered = {*service["repaired"], *service["implemented"], *service["not_emulated"]}
        assert set(repair.operations) <= set(service["repaired"]), repair.name
        assert set(repair.refused) <= set(service["not_emulated"]), repair.name
        assert answered
        assert repair.name in service["repairs"]


def test_every_service_is_reported(report: Any) -> None:
    assert set(report["services"]) == set(SERVICES)
    assert report["moto"] == "5.2.5"


@pytest.mark.parametrize(
    ("service", "operation"),
    [("rds", "DescribeSourceRegions"), ("cloudwatch", "PutAnomalyDetector"), ("s3", "GetBucketAbac")],
)
def test_what_is_reported_as_not_emulated_is_not(
    cloud: CloudProcess, report: Any, service: str, operation: str
) -> None:
    assert operation in report["services"][service]["not_emulated"]


def test_an_operation_reported_as_not_emulated_is_refused(cloud: CloudProcess, report: Any) -> None:
    assert "DescribeSourceRegions" in report["services"]["rds"]["not_emulated"]
    with pytest.raises(ClientError, match="NotSupportedByLocalCloud"):
        cloud.client("rds").describe_source_regions()


def test_every_limit_is_on_the_explanation_page() -> None:
    text = " ".join(PAGE.read_text().split())
    sentences = [*EVERYWHERE, *(sentence for limits in LIMITS.values() for sentence in limits)]
    assert [sentence for sentence in sentences if sentence not in text] == []
