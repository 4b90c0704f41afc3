"""The command line, in a process of its own, on a bucket with Object Lock and a real database."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backup.environment import Environment
from tests.backup.world import SHOP, BackupWorld
from tests.builders import HOME
from tests.localcloud_aws.rds_world import HOME as RDS_HOME
from tests.localcloud_aws.real_cloud import PASSWORD, RealCloud
from tests.postgres.databases import open_directory
from tests.waiting import processes_at, soon


@pytest.fixture(scope="module")
def environment(cloud: RealCloud) -> Iterator[Environment]:
    """Return an environment whose one database holds a shop."""
    with open_directory() as directory:
        with cloud.connect("main") as connection:
            connection.execute("create database paint")
        world = BackupWorld(cloud, "main", "paint", directory)
        world.execute(SHOP)
        yield Environment(world, directory, RDS_HOME)


def test_a_backup_is_planned_made_listed_shown_verified_and_kept(
    environment: Environment, tmp_path: Path
) -> None:
    spool = ["--spool", str(environment.project.parent / "spool")]
    code, envelope, said = environment.lifeboat("backup", "create", "--plan", "--database", "paint", *spool)
    assert (code, len(envelope["data"])) == (0, 1), said
    assert environment.keys(HOME) == []

    code, envelope, said = environment.lifeboat("backup", "create", "--database", "paint", *spool)
    assert code == 0, said
    [made] = envelope["data"]
    assert made["rows"] == 3500
    assert PASSWORD not in said
    prefix = f"lifeboat/backups/production/paint/{made['id']}/"
    assert all(key.startswith(prefix) for key in environment.keys(HOME))
    retention = environment.world.cloud.aws.client("s3", HOME).get_object_retention(
        Bucket=environment.buckets[HOME], Key=f"{prefix}manifest.json"
    )
    assert retention["Retention"]["Mode"] == "GOVERNANCE", "the bucket's default lock holds"

    code, envelope, said = environment.lifeboat("backup", "verify", "newest", "--level", "3", *spool)
    assert (code, envelope["data"]["reached"]) == (0, 3), said

    code, envelope, said = environment.lifeboat("backup", "list")
    [listed] = envelope["data"]["backups"]
    assert (listed["id"], listed["level"], listed["damaged"]) == (made["id"], "L3", False)
    assert 0 < listed["age_s"] <= listed["data_loss_if_restored_now_s"]

    code, envelope, _ = environment.lifeboat("backup", "show", made["id"])
    restore_set = envelope["data"]["manifest"]["restore_set"]
    assert list(restore_set["secret_versions"]) == ["paintbox/production/database-master"]
    assert PASSWORD not in str(envelope)

    code, envelope, _ = environment.lifeboat("backup", "prune", "--apply")
    assert (code, envelope["data"]["removed"]) == (0, [])
    assert environment.lifeboat("backup", "show", made["id"])[0] == 0


def test_an_app_is_run_against_the_copy_and_what_it_proves_is_recorded(
    environment: Environment, tmp_path: Path
) -> None:
    spool = ["--spool", str(environment.project.parent / "spool")]
    assert environment.lifeboat("backup", "create", "--database", "paint", *spool)[0] == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = f"{sys.executable} -m http.server {port} --bind 127.0.0.1 --directory '{tmp_path}'"
    code, envelope, said = environment.lifeboat(
        *("backup", "verify", "newest", "--level", "5", *spool),
        *("--app-command", command, "--app-url", f"http://127.0.0.1:{port}/"),
    )
    # It answers; without a heartbeat row level 4 does not hold, and nothing above it is claimed.
    assert (code, envelope["data"]["app_answered"], envelope["data"]["reached"]) == (8, True, 3), said
    assert processes_at(str(tmp_path)) == []
    shown = environment.lifeboat("backup", "show", envelope["data"]["backup_id"])[1]["data"]
    assert shown["verifications"][0]["app_answered"] is True


def test_a_process_that_is_killed_leaves_no_backup_no_child_and_in_the_end_no_file(
    environment: Environment,
) -> None:
    environment.world.execute(
        "create table held as select repeat(md5(n::text), 40) from generate_series(1, 50000) n"
    )
    before = {each["id"] for each in environment.lifeboat("backup", "list")[1]["data"]["backups"]}
    spool = environment.project.parent / "killed"
    arguments = ["backup", "create", "--database", "paint", "--spool", str(spool), "--jobs", "1"]
    process = environment.begin(*arguments)
    assert soon(lambda: any(spool.glob("*/backup/dump/*.dat")), 30)
    process.kill()
    process.wait(10)
    assert soon(lambda: not processes_at(str(spool)), 30), processes_at(str(spool))
    listed = environment.lifeboat("backup", "list")[1]["data"]
    assert {each["id"] for each in listed["backups"]} == before
    assert len(listed["unfinished"]) == 1
    code, _, said = environment.lifeboat(*arguments)
    assert code == 0, said
    assert list(spool.iterdir()) == []


@pytest.mark.fault("F49")
def test_of_two_databases_the_one_that_could_not_be_copied_is_told_and_the_other_kept(
    environment: Environment, tmp_path: Path
) -> None:
    cloud = environment.world.cloud
    with cloud.connect("main") as connection:
        connection.execute("create database closed connection limit 0")
    names = ["--database", "paint", "--database", "closed"]
    code, envelope, said = environment.lifeboat("backup", "create", *names, "--spool", str(tmp_path))
    assert code == 8, said
    assert (envelope["ok"], envelope["error"]["exit_code"]) == (False, 8)
    assert 'too many connections for database "closed"' in envelope["error"]["message"]
    [made] = envelope["data"]
    assert made["database"] == "paint"
    listed = environment.lifeboat("backup", "list")[1]["data"]["backups"]
    assert made["id"] in {each["id"] for each in listed}
    assert "closed" not in {each["database"] for each in listed}


@pytest.mark.fault("F48")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["show", "backup-1"], 2, "'backup-1' is not a backup id"),
        (["show", "backup-20261122-020000-000000"], 2, "no backup has the id"),
        (["create", "--database", "nowhere"], 2, "database nowhere is not on main"),
        (["list", "--region", "eu-west-1"], 2, "no backup bucket in eu-west-1"),
        (["verify", "newest", "--rotate", "3/2"], 2, "'3/2' is not a share"),
        (["verify", "newest", "--level", "3", "--accept-shrink", "x"], 2, "--level 4 or higher"),
        (["verify", "newest", "--level", "5", "--app-command", "x"], 2, "--app-url: both"),
        (["create", "--snapshot", "--plan"], 2, "--snapshot: is of the whole instance"),
    ],
)
def test_wrong_input_is_refused_with_its_reason(
    environment: Environment, arguments: list[str], code: int, message: str
) -> None:
    ended, envelope, said = environment.lifeboat("backup", *arguments)
    assert ended == code, said
    assert message in envelope["error"]["message"]


def test_without_an_authority_nobody_is_trusted(environment: Environment, tmp_path: Path) -> None:
    ended, envelope, _ = environment.lifeboat(
        "backup", "create", "--plan", PGSSLROOTCERT="", HOME=str(tmp_path)
    )
    assert ended == 2
    assert "PGSSLROOTCERT" in envelope["error"]["message"]
