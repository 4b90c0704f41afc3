"""The small decisions: what a file holds, what a list of contents demands, what records prove together."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.core.errors import ConfigError, StepFailed
from scripts.backup.contents import data_files, missing_files, schema_revision
from scripts.backup.data_file import TAIL_BYTES, holds_rows, is_written_once, rows_of
from scripts.backup.forecast import SpoolForecast
from scripts.backup.keys import backup_prefix, check_backup_id, hold_key, new_backup_id, owner_of
from scripts.backup.levels import Level, Share, VerificationRecord, parse_share, proven
from scripts.backup.manifest import parse_manifest
from scripts.backup.roles import without_grantors, without_provider_roles
from scripts.backup.sealed import BackupUnreadable, encode
from tests.backup.manifests import NOW, a_manifest, a_record

END = b"\\.\n\n\n"


@given(st.lists(st.binary(max_size=30).map(lambda row: row.replace(b"\n", b"").replace(b"\\", b"\\\\"))))
def test_rows_are_counted_and_a_file_cut_anywhere_is_noticed(rows: list[bytes]) -> None:
    whole = b"".join(row + b"\n" for row in rows) + END
    assert rows_of(whole.count(b"\n"), whole[-TAIL_BYTES:]) == len(rows)
    for length in range(len(whole) - 4):
        cut = whole[:length]
        assert rows_of(cut.count(b"\n"), cut[-TAIL_BYTES:]) is None


def test_only_files_that_are_written_once_are_taken_early() -> None:
    assert [is_written_once(name) for name in ("7.dat", "blob_9.dat", "toc.dat", "blobs.toc")] == [
        True,
        True,
        False,
        False,
    ]
    assert [holds_rows(name) for name in ("7.dat", "blob_9.dat")] == [True, False]


def test_tables_are_found_by_object_id_whatever_their_names_look_like() -> None:
    listing = (
        ";\n; Archive created at 2026-11-22 08:00:00 UTC\n;\n"
        "215; 1259 16386 TABLE public order of goods captain\n"
        "3353; 0 16386 TABLE DATA public TABLE DATA 7; 0 8 captain\n"
    )
    assert data_files(listing) == {16386: "3353.dat"}
    assert missing_files(["3353.dat"], ["toc.dat"]) == ("3353.dat",)
    with pytest.raises(StepFailed):
        data_files("")


def test_a_schema_has_one_revision_whenever_it_is_dumped() -> None:
    first = "-- Dumped from database version 16.1\n\\restrict aB1\ncreate table a ();\n"
    second = "-- Dumped from database version 16.2\n\\restrict Zz9\ncreate table a ();\n"
    assert schema_revision(first) == schema_revision(second)
    assert schema_revision(first) != schema_revision(first.replace("table a", "table b"))


def test_a_forecast_keeps_to_the_operators_limit() -> None:
    forecast = SpoolForecast(database_bytes=10**9, table_bytes=10**9, free_bytes=10**12)
    assert forecast.fits
    small = SpoolForecast(database_bytes=10**9, table_bytes=10**9, free_bytes=10**12, limit_bytes=10**9)
    assert not small.fits


@pytest.mark.parametrize("database", ["shop", "a/b", "..", "größe 1"])
def test_any_database_name_is_one_part_of_a_key(database: str) -> None:
    backup_id = check_backup_id(new_backup_id(NOW))
    assert owner_of(f"{backup_prefix(database, backup_id)}begun.json") == (database, backup_id)


@pytest.mark.parametrize(
    "text", ["", "backup-1", "../backup-20261122-020000-4f3a9c", "run-20261122-080000-4f3a9c"]
)
def test_what_is_not_an_id_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        check_backup_id(text)


@pytest.mark.parametrize("holder", ["", "a/b", "../x", ".hidden"])
def test_a_holder_cannot_leave_its_place(holder: str) -> None:
    with pytest.raises(ConfigError):
        hold_key("shop", "backup-20261122-020000-4f3a9c", holder)


def test_an_altered_manifest_is_not_believed() -> None:
    body = a_manifest().encode()
    assert parse_manifest(body, "m") == a_manifest()
    for damaged in (body.replace(b'"shop"', b'"ship"'), body[:-10], b"", b"[]", b"{}"):
        with pytest.raises(BackupUnreadable):
            parse_manifest(damaged, "m")


def test_a_manifest_with_a_gap_between_its_parts_is_not_believed() -> None:
    manifest = a_manifest()
    [part] = manifest.parts
    later = part.model_copy(update={"number": 3, "offset": part.plain_bytes})
    with pytest.raises(BackupUnreadable, match="piece 2"):
        parse_manifest(encode(manifest.model_copy(update={"parts": [part, later]})), "m")


def test_a_manifest_of_another_version_is_refused_by_its_number() -> None:
    content = {**json.loads(a_manifest().encode())["content"], "schema_version": 2}
    digest = sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    with pytest.raises(BackupUnreadable, match="version 2"):
        parse_manifest(json.dumps({"content": content, "sha256": digest}).encode(), "m")


def record(minutes: int, reached: Level | None, **changes: Any) -> VerificationRecord:
    return a_record(reached=reached, at=NOW + timedelta(minutes=minutes), **changes)


def test_the_highest_level_stays_proven_when_a_lower_one_is_looked_at_again() -> None:
    records = [record(1, Level.RESTORES), record(2, Level.EXISTS)]
    assert proven(records) == (Level.RESTORES, False)


def test_damage_counts_until_a_look_as_deep_finds_none() -> None:
    broken = record(2, Level.EXISTS, asked=Level.RESTORES, problems=["sha-256 differs"])
    before = record(1, Level.RESTORES)
    assert proven([before, broken]) == (Level.EXISTS, True)
    assert proven([before, broken, record(3, Level.EXISTS)]) == (Level.EXISTS, True)
    assert proven([before, broken, record(3, Level.UNALTERED)]) == (Level.UNALTERED, False)


def test_only_all_shares_of_one_division_prove_a_level() -> None:
    def share(minute: int, number: int, of: int) -> VerificationRecord:
        return record(minute, None, share=Share(number=number, of=of))

    assert proven([share(1, 1, 2), share(2, 2, 3)]) == (None, False)
    assert proven([share(1, 1, 2), share(2, 2, 2)]) == (Level.UNALTERED, False)


@pytest.mark.parametrize("text", ["", "1", "0/3", "4/3", "a/b", "1/2/3", "1/1001"])
def test_what_is_not_a_share_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_share(text)


ROLES = """CREATE ROLE captain;
ALTER ROLE captain WITH LOGIN;
CREATE ROLE rdsadmin;
CREATE ROLE rds_superuser;
GRANT pg_monitor TO rds_superuser GRANTED BY rdsadmin;
GRANT app TO captain WITH INHERIT TRUE GRANTED BY "odd ""name";
"""


def test_roles_go_to_a_server_of_ones_own_without_who_granted_them() -> None:
    assert "GRANTED BY" not in without_grantors(ROLES)
    assert "CREATE ROLE rdsadmin;" in without_grantors(ROLES)


def test_roles_go_to_rds_without_those_that_are_there_already() -> None:
    assert without_provider_roles(ROLES).splitlines() == [
        "CREATE ROLE captain;",
        "ALTER ROLE captain WITH LOGIN;",
        "GRANT app TO captain WITH INHERIT TRUE;",
    ]
