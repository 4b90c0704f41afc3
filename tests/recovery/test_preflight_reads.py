"""The preflight at work on AWS: with the primary region gone, and with one thing missing at a time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lifeboat.core.clock import ManualClock, SystemClock
from lifeboat.core.errors import WorldChanged
from scripts.engine.check import Outcome
from tests.builders import HOME, OTHER
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.recovery.preflight_site import MASTER, ROLE, RUNS, PreflightSite

SECRETS = ("secret-database-app", "secret-database-master")


@pytest.fixture
def site(aws: CloudProcess, monkeypatch: pytest.MonkeyPatch) -> PreflightSite:
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    return PreflightSite(aws)


def test_everything_is_there_and_nothing_was_written(site: PreflightSite, tmp_path: Path) -> None:
    found = site.preflight(tmp_path)
    assert {(one.name, one.outcome, one.warning) for one in found.checks} == {
        (one.name, Outcome.PASS, "") for one in found.checks
    }
    assert found.identity.startswith("arn:aws:")
    versions = site.aws.client("s3", OTHER).list_object_versions(Bucket=RUNS)
    assert "Versions" not in versions


@pytest.mark.fault("F26")
@pytest.mark.fault("F30")
def test_without_the_primary_region_only_the_state_in_it_is_unknown(
    site: PreflightSite, tmp_path: Path
) -> None:
    site.block(region=HOME)
    found = site.check(tmp_path)
    unsure = {name: check for name, check in found.items() if check.outcome is not Outcome.PASS}
    assert list(unsure) == ["stack-state"]
    assert unsure["stack-state"].outcome is Outcome.UNKNOWN
    assert found["secret-database-master"].detail == f"readable in {OTHER}"
    assert f"identity in {HOME}" in found["clocks"].detail


@pytest.mark.fault("F26")
def test_credentials_in_the_lost_region_alone_fail(site: PreflightSite, tmp_path: Path) -> None:
    secrets = site.aws.client("secretsmanager", HOME)
    secrets.remove_regions_from_replication(SecretId=ROLE, RemoveReplicaRegions=[OTHER])
    warned = site.check(tmp_path)["secret-database-app"]
    assert warned.outcome is Outcome.PASS
    assert warned.warning.startswith(f"not without {HOME}")
    site.block(region=HOME)
    found = site.check(tmp_path)
    assert found["secret-database-app"].outcome is Outcome.FAIL
    assert found["secret-database-master"].outcome is Outcome.PASS


def test_a_secret_that_was_made_and_never_set_fails(site: PreflightSite, tmp_path: Path) -> None:
    secrets = site.aws.client("secretsmanager", HOME)
    entry = site.contract.secrets["database-app"].model_copy(update={"name": "paintbox/never-set"})
    replica = [{"Region": OTHER}]
    secrets.create_secret(Name="paintbox/never-set", AddReplicaRegions=replica)
    site.contract = site.contract.model_copy(
        update={"secrets": {**site.contract.secrets, "database-app": entry}}
    )
    check = site.check(tmp_path)["secret-database-app"]
    assert check.outcome is Outcome.FAIL
    assert f"{HOME}: has no value; {OTHER}: has no value" in check.detail


def test_a_master_secret_nobody_can_log_in_with_fails(site: PreflightSite, tmp_path: Path) -> None:
    site.aws.client("secretsmanager", HOME).put_secret_value(SecretId=MASTER, SecretString="only-a-word")
    check = site.check(tmp_path)["secret-database-master"]
    assert check.outcome is Outcome.FAIL
    assert "is not of the form of a master secret" in check.detail
    assert "only-a-word" not in check.detail


@pytest.mark.fault("F51")
@pytest.mark.parametrize("minutes", [10, -10])
def test_a_machine_ten_minutes_off_is_refused(site: PreflightSite, tmp_path: Path, minutes: int) -> None:
    site.clock = ManualClock(SystemClock().now() + timedelta(minutes=minutes))
    check = site.check(tmp_path)["clocks"]
    assert check.outcome is Outcome.FAIL
    assert check.detail.startswith("more than 30 s apart: AWS in ")
    assert ("behind" if minutes > 0 else "ahead") in check.detail


@pytest.mark.fault("F51")
def test_a_cloud_ten_minutes_off_is_refused(site: PreflightSite, tmp_path: Path) -> None:
    site.aws.advance(600)
    assert site.check(tmp_path)["clocks"].outcome is Outcome.FAIL


def test_a_clock_is_told_by_a_refusal_too(site: PreflightSite, tmp_path: Path) -> None:
    """A machine whose clock is wrong by more than AWS bears hears nothing but refusals."""
    site.block("error", service="sts", status=403, code="SignatureDoesNotMatch")
    found = site.preflight(tmp_path)
    (clocks,) = (one for one in found.checks if one.name == "clocks")
    assert clocks.outcome is Outcome.PASS
    assert f"AWS in {HOME} is" in clocks.detail
    assert found.identity == ""


@pytest.mark.fault("F21")
@pytest.mark.parametrize("family", ["", "postgres15"])
def test_a_parameter_group_that_is_missing_or_of_another_engine_fails(
    site: PreflightSite, tmp_path: Path, family: str
) -> None:
    rds = site.aws.client("rds", OTHER)
    rds.delete_db_parameter_group(DBParameterGroupName="pg")
    if family:
        rds.create_db_parameter_group(
            DBParameterGroupName="pg", DBParameterGroupFamily=family, Description="d"
        )
    check = site.check(tmp_path)["parameter-group"]
    assert check.outcome is Outcome.FAIL
    assert (family or "is not in us-east-2") in check.detail


def test_the_groups_of_the_other_region_do_not_count(site: PreflightSite, tmp_path: Path) -> None:
    found = site.check(tmp_path, region=HOME)
    for name in ("subnet-group", "parameter-group", "security-groups"):
        assert found[name].outcome is Outcome.FAIL
        assert f"is not in {HOME}" in found[name].detail


def test_a_bucket_that_does_not_answer_is_unknown(site: PreflightSite, tmp_path: Path) -> None:
    site.block(service="s3", region=OTHER)
    found = site.check(tmp_path)
    assert found["run-store"].outcome is found["run-store-kept"].outcome is Outcome.UNKNOWN


def test_a_bucket_that_is_gone_fails(site: PreflightSite, tmp_path: Path) -> None:
    site.aws.client("s3", OTHER).delete_bucket(Bucket=RUNS)
    found = site.check(tmp_path)
    assert found["run-store"].outcome is Outcome.FAIL
    assert "does not exist" in found["run-store"].detail


def test_a_bucket_without_its_lock_fails(site: PreflightSite, tmp_path: Path) -> None:
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}}
    site.aws.client("s3", OTHER).put_object_lock_configuration(Bucket=RUNS, ObjectLockConfiguration=lock)
    check = site.check(tmp_path)["run-store-kept"]
    assert check.outcome is Outcome.FAIL
    assert "Object Lock for 1 days, and 30 days are declared" in check.detail


def test_a_region_without_a_declared_database_makes_the_plan_stale(
    site: PreflightSite, tmp_path: Path
) -> None:
    with pytest.raises(WorldChanged, match="declares no database in eu-west-1 any more"):
        site.preflight(tmp_path, region="eu-west-1")


@pytest.mark.fault("F30")
@pytest.mark.parametrize("url", ["file:///proc/nowhere", f"s3://no-such-bucket?region={OTHER}"])
def test_a_state_that_is_not_there_is_unknown(site: PreflightSite, tmp_path: Path, url: str) -> None:
    site.backend_url = url
    assert site.check(tmp_path)["stack-state"].outcome is Outcome.UNKNOWN
