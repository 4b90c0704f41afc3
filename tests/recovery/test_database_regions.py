"""A look at databases region by region: a lost one is said to be lost, and the other is seen all the same."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.config import Config

from lifeboat.core.errors import Refused
from scripts.observe.aws import CONFIG, NoAnswer, SaidNo, asking
from scripts.observe.databases import find_backups, find_instance, observe_databases
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import AWAY, HOME, make_database


def test_a_lost_region_is_told_and_the_other_one_seen(aws: CloudProcess) -> None:
    make_database(aws, "home")
    make_database(aws, "away", AWAY)
    quick = CONFIG.merge(Config(read_timeout=1, connect_timeout=1))

    def client(service: str, region: str) -> Any:
        return aws.new_client(service, region, quick)

    seen = observe_databases((HOME, AWAY), client)
    assert [one.identifier for one in seen[HOME].instances] == ["home"]
    aws.admin("POST", "faults", {"kind": "drop", "region": HOME})
    seen = observe_databases((HOME, AWAY), client)
    assert seen[HOME].unreachable.startswith(f"databases of {HOME}: ")
    assert seen[HOME].instances == ()
    assert seen[AWAY].named("away") is not None
    with pytest.raises(NoAnswer) as caught:
        find_instance(client, HOME, identifier="home")
    assert caught.value.retryable


def test_a_refusal_is_no_lost_region(aws: CloudProcess) -> None:
    with pytest.raises(SaidNo) as caught, asking("database nowhere"):
        aws.client("rds").describe_db_instances(DBInstanceIdentifier="nowhere")
    assert caught.value.code == "DBInstanceNotFound"
    assert isinstance(caught.value, Refused)


def test_an_instance_without_backups_has_none_whatever_rds_calls_that(aws: CloudProcess) -> None:
    assert find_backups(aws.client, HOME, "db-NOWHERE") is None
