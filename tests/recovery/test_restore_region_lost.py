"""The primary region is gone while a restore is planned, checked, run and proven, by real processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.core.contract import Contract
from scripts.engine.moments import write_moment
from tests.evidence.runs import verify_bare
from tests.localcloud_aws.rds_world import AWAY, HOME, make_subnet_group
from tests.recovery.restore_site import NAME, ROLE_SECRET, SECRET, RestoreSite, restore_site
from tests.recovery.s3_stores import BUCKET
from tests.recovery.terminal import terminal_at
from tests.waiting import soon

_CLOCK = SystemClock()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RestoreSite]:
    """An environment whose backups, secrets and declaration reach into the other region."""
    with restore_site(tmp_path / "site") as made:
        made.contract = with_recovery_region(made)
        body = made.contract.model_dump_json().encode()
        made.client("s3", AWAY).put_object(Bucket=BUCKET, Key="lifeboat/manifest.json", Body=body)
        yield made


def with_recovery_region(site: RestoreSite) -> Contract:
    """Provide the recovery region, and return the contract that says so."""
    subnets = make_subnet_group(site.cloud.aws, "subnets-away", AWAY)
    ec2, rds = site.client("ec2", AWAY), site.client("rds", AWAY)
    vpc = ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["VpcId"]
    group = ec2.create_security_group(GroupName="databases", Description="d", VpcId=vpc)["GroupId"]
    rds.create_db_parameter_group(
        DBParameterGroupName="own-away", DBParameterGroupFamily="postgres16", Description="d"
    )
    rds.start_db_instance_automated_backups_replication(SourceDBInstanceArn=site.described["DBInstanceArn"])
    for secret in (SECRET, ROLE_SECRET):
        site.client("secretsmanager", HOME).replicate_secret_to_regions(
            SecretId=secret, AddReplicaRegions=[{"Region": AWAY}]
        )
    there = site.contract.databases[HOME].model_copy(
        update={
            "role": "replica",
            "subnet_group": "subnets-away",
            "parameter_group": "own-away",
            "security_group_ids": [group],
        }
    )
    secrets = {
        key: entry.model_copy(update={"arns": {region: _arn(region, entry.name) for region in (HOME, AWAY)}})
        for key, entry in site.contract.secrets.items()
    }
    both = {**site.contract.databases, AWAY: there}
    return site.contract.model_copy(update={"databases": both, "secrets": secrets})


def _arn(region: str, name: str) -> str:
    return f"arn:aws:secretsmanager:{region}:123456789012:secret:{name}-abcdef"


def arrived_at(site: RestoreSite) -> datetime | None:
    """Return the last moment that can be restored in the other region."""
    answer: Any = site.client("rds", AWAY).describe_db_instance_automated_backups()
    (chain,) = answer["DBInstanceAutomatedBackups"]
    latest: datetime | None = (chain.get("RestoreWindow") or {}).get("LatestTime")
    return latest


@pytest.mark.fault("F26")
def test_without_the_primary_region_everything_is_planned_run_and_proven_from_the_other(
    site: RestoreSite, tmp_path: Path
) -> None:
    with site.cloud.connect(NAME) as connection:
        connection.execute("create table kept (id int)")
        connection.execute("insert into kept select generate_series(1, 20)")
    at = _CLOCK.now()
    assert soon(lambda: (arrived_at(site) or at) > at, 60), site.cloud.service.health()
    site.cloud.aws.admin("POST", "faults", {"kind": "drop", "region": HOME})
    terminal = terminal_at(site, tmp_path / "machine")
    restore = ("database", "restore")
    swap = terminal.do(*restore, "--to", write_moment(at))
    assert swap.exit_code == 3
    assert "--into NAME" in swap.envelope["error"]["hint"]
    planned = terminal.asked(*restore, "--to", write_moment(at), "--into", "rescued")
    assert any(HOME in note for note in planned["plan"]["notes"])
    report = terminal.asked(*restore, "--apply", "--digest", planned["digest"], "--yes")
    assert report["outcome"] == "done"
    with site.cloud.connect("rescued", AWAY) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (20,)
    told = terminal.asked("run", "evidence", report["run_id"], "--output", "pack")
    pack = terminal.project / "pack"
    proven = verify_bare(pack / "verify_evidence.py", str(pack), "--chain", told["chain"], cwd=Path("/"))
    assert proven.returncode == 0, proven.stdout
