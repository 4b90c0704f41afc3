"""What looks like a backup and is none: much smaller than the one before, or proven by a liar."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.actions.backup_child import complaints
from scripts.actions.backup_programs import CLIENTS, find_programs
from scripts.backup.levels import Level
from scripts.backup.listing import Backup, Listing, newest_first
from scripts.backup.manifest import StoredPart, Table
from scripts.backup.retention import Retention, decide
from scripts.backup.shrinkage import suspicions
from tests.backup.environment import Environment
from tests.backup.manifests import DAY, NOW, a_manifest, a_record
from tests.backup.world import SHOP, BackupWorld
from tests.localcloud_aws.rds_world import HOME as RDS_HOME
from tests.localcloud_aws.real_cloud import RealCloud
from tests.postgres.databases import open_directory


@pytest.fixture(scope="module")
def environment(cloud: RealCloud) -> Iterator[Environment]:
    with open_directory() as directory:
        with cloud.connect("main") as connection:
            connection.execute("create database believed")
        world = BackupWorld(cloud, "main", "believed", directory)
        world.execute(SHOP)
        yield Environment(world, directory, RDS_HOME)


def _create(environment: Environment) -> tuple[int, dict[str, Any], str]:
    spool = str(environment.project.parent / "spool")
    code, envelope, said = environment.lifeboat(
        "backup", "create", "--database", "believed", "--spool", spool
    )
    return code, envelope, said


def _listed(environment: Environment) -> dict[str, str]:
    listed = environment.lifeboat("backup", "list")[1]["data"]["backups"]
    return {each["id"]: each["suspicious"] for each in listed}


@pytest.mark.fault("F01")
def test_an_emptied_database_is_copied_and_not_relied_on_until_somebody_says_why(
    environment: Environment,
) -> None:
    code, envelope, said = _create(environment)
    assert code == 0, said
    [full] = envelope["data"]
    environment.world.execute('truncate customer, "order of goods"')

    smaller = []
    for _ in range(2):
        code, envelope, said = _create(environment)
        assert (code, envelope["error"]["code"]) == (8, "Unverified"), said
        assert "0 rows instead of 3500" in envelope["error"]["message"]
        assert full["id"] in envelope["error"]["message"]
        smaller.append(envelope["data"][0]["id"])
    assert [each for each, doubt in _listed(environment).items() if doubt] == smaller[::-1]

    code, envelope, _ = environment.lifeboat("backup", "age")
    [age] = [each for each in envelope["data"]["databases"] if each["database"] == "believed"]
    assert (age["backup"], len(age["not_counted"])) == (full["id"], 2)

    spool = ["--spool", str(environment.project.parent / "spool")]
    code, envelope, _ = environment.lifeboat("backup", "verify", smaller[0], "--level", "3", *spool)
    assert (code, envelope["data"]["reached"]) == (8, 3)
    assert "smaller than the one before" in envelope["error"]["message"]
    reason = ["--accept-shrink", "the season ended"]
    assert environment.lifeboat("backup", "verify", smaller[0], "--level", "3", *reason)[0] == 2
    assert smaller[0] in [each for each, doubt in _listed(environment).items() if doubt]
    code, envelope, said = environment.lifeboat(
        "backup", "verify", smaller[0], "--level", "4", *reason, *spool
    )
    assert envelope["data"]["accepted_shrink"] == "the season ended", said
    # With the first one accepted, the second is not smaller than the one before any more.
    assert [each for each, doubt in _listed(environment).items() if doubt] == []
    code, envelope, said = _create(environment)
    assert code == 0, said


@pytest.mark.fault("F04")
def test_a_program_that_complains_and_ends_with_zero_proves_nothing(
    environment: Environment, tmp_path: Path
) -> None:
    _create(environment)
    real = find_programs(16)
    for name in CLIENTS:
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\nexec "{real.path(name)}" "$@"\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    liar = tmp_path / "pg_restore"
    liar.write_text("#!/bin/sh\necho 'pg_restore: error: could not read the archive' >&2\nexit 0\n")
    code, envelope, _ = environment.lifeboat(
        "backup", "verify", "newest", "--level", "2", PATH=f"{tmp_path}:/usr/bin:/bin"
    )
    assert (code, envelope["data"]["reached"]) == (8, 1)
    assert "ended with 0 and complained: pg_restore: error" in envelope["error"]["message"]


def test_only_what_a_server_merely_notices_is_no_complaint() -> None:
    noticed = "NOTICE:  x\npg_restore: WARNING:  y\nDETAIL: z\npsql:/roles.sql:3: NOTICE:  there\n\n"
    assert complaints(noticed) == ""
    ignored = "pg_restore: warning: errors ignored on restore: 1"
    assert complaints(f"{noticed}{ignored}\n") == ignored
    assert complaints("what is this") == "what is this"


def _of(number: int, rows: int, plain_bytes: int, **more: Any) -> Backup:
    part = StoredPart(
        file="7.dat",
        number=1,
        offset=0,
        plain_bytes=plain_bytes,
        plain_lines=0,
        stored_bytes=1,
        sha256="0" * 64,
    )
    table = Table(oid=7, namespace="public", name="shop", rows=rows, file="7.dat")
    manifest = a_manifest(number, stopped_at=NOW - (100 - number) * DAY, tables=[table], parts=[part])
    return Backup(manifest=manifest, **more)


def _doubted(*backups: Backup) -> list[int]:
    found = suspicions(Listing(backups=newest_first(backups), leftovers=()))
    return [number for number, each in enumerate(backups) if each.id in found]


@pytest.mark.parametrize(
    ("sizes", "doubted"),
    [
        ([(0, 900), (0, 900)], []),
        ([(100, 900), (50, 900)], []),
        ([(100, 900), (49, 900)], [1]),
        ([(100, 900), (100, 449)], [1]),
        ([(100, 900), (0, 100), (0, 100)], [1, 2]),
        ([(100, 900), (0, 100), (60, 600), (40, 400)], [1]),
        ([(100, 900), (60, 600), (40, 400)], []),
    ],
)
def test_each_is_compared_with_the_last_that_nothing_speaks_against(
    sizes: list[tuple[int, int]], doubted: list[int]
) -> None:
    assert _doubted(*(_of(number, *size) for number, size in enumerate(sizes))) == doubted


def test_a_damaged_one_is_no_standard_and_an_accepted_one_is_the_new_one() -> None:
    damage = a_record(0, reached=None, problems=["bits"])
    assert _doubted(_of(0, 100, 900, records=(damage,)), _of(1, 1, 9)) == []
    accepted = a_record(1, reached=Level.RIGHT, accepted_shrink="sold")
    assert _doubted(_of(0, 100, 900), _of(1, 1, 9, records=(accepted,)), _of(2, 1, 9)) == []
    refuted = a_record(
        1, reached=Level.RESTORES, asked=Level.RIGHT, accepted_shrink="sold", problems=["rows"]
    )
    assert _doubted(
        _of(0, 100, 900), _of(1, 1, 9, records=(refuted, a_record(1, reached=Level.RIGHT, at=NOW + DAY)))
    ) == [1]


@pytest.mark.fault("F06")
def test_retention_never_counts_a_suspicious_one_as_the_last_that_was_verified() -> None:
    proven = a_record(0, reached=Level.RIGHT)
    full = _of(0, 100, 900, records=(proven,))
    empty = [_of(number, 0, 9, records=(a_record(number, reached=Level.RIGHT),)) for number in (1, 2, 3)]
    listing = Listing(backups=newest_first([full, *empty]), leftovers=())
    verdicts = decide(listing, Retention(age=30 * DAY, minimum=1), NOW)
    assert [each.backup.id for each in verdicts if each.keep] == [full.id]
