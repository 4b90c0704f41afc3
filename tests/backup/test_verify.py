"""The level that is claimed is the level that holds; damage is found at the level that can see it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from scripts.actions.backup_create import create_backup
from scripts.actions.backup_reading import read_listing
from scripts.actions.backup_verify import VerifyJob, verify_backup
from scripts.backup.keys import part_key
from scripts.backup.levels import Level, Share, VerificationRecord
from scripts.backup.manifest import CONTENTS_FILE, Manifest
from tests.backup.provable import provable_major
from tests.backup.remembered import RememberedBackups
from tests.backup.world import SHOP, BackupWorld
from tests.localcloud_aws.real_cloud import RealCloud
from tests.postgres.databases import open_directory

HEARTBEAT = """
create table lifeboat_heartbeat (written_at timestamptz not null);
insert into lifeboat_heartbeat values (clock_timestamp() - interval '30 seconds');
"""


@pytest.fixture
def spool() -> Iterator[Path]:
    """Return a directory that the unprivileged account may pass through."""
    with open_directory() as directory:
        yield directory


@pytest.fixture
def store() -> RememberedBackups:
    return RememberedBackups()


@pytest.fixture
def manifest(world: BackupWorld, store: RememberedBackups) -> Manifest:
    world.execute(SHOP)
    return create_backup(world.job(store))


def verify(
    store: RememberedBackups, manifest: Manifest, level: Level, spool: Path, share: Share | None = None
) -> VerificationRecord:
    job = VerifyJob(
        store=store, manifest=manifest, level=level, by="tests", spool_root=spool, jobs=2, share=share
    )
    return verify_backup(job)


def key_of(manifest: Manifest, file: str) -> str:
    return part_key(manifest.database, manifest.id, file, 1)


def file_of(manifest: Manifest, table: str) -> str:
    return next(each.file for each in manifest.tables if each.name == table)


def test_a_sound_backup_restores_and_its_newest_heartbeat_tells_the_data_loss(
    cloud: RealCloud, store: RememberedBackups, spool: Path
) -> None:
    major = provable_major()
    cloud.make("provable", EngineVersion=str(major or 16))
    world = BackupWorld(cloud, "provable", "app", spool)
    world.execute(SHOP + HEARTBEAT)
    manifest = create_backup(world.job(store))
    record = verify(store, manifest, Level.RIGHT, spool)
    assert record.problems == []
    assert record.data_loss_s == pytest.approx(30, abs=10)
    assert record.reached == (Level.RESTORES if major is None else Level.RIGHT), record.not_done
    assert bool(record.not_done) is (major is None)
    assert list(spool.glob("verify-*")) == []
    assert read_listing(store).backups[0].level == record.reached


def test_a_level_that_cannot_be_looked_at_here_is_not_claimed(
    store: RememberedBackups, manifest: Manifest, spool: Path
) -> None:
    record = verify(store, manifest, Level.RIGHT, spool)
    assert record.problems == []
    assert record.reached is Level.RESTORES
    assert any("lifeboat_heartbeat is not there" in each for each in record.not_done)


@pytest.mark.fault("F03")
def test_a_part_that_is_gone_or_cut_is_seen_without_reading(
    store: RememberedBackups, manifest: Manifest, spool: Path
) -> None:
    key = key_of(manifest, file_of(manifest, "customer"))
    whole = store.objects[key].body
    store.damage(key, whole[: len(whole) // 2])
    cut = verify(store, manifest, Level.EXISTS, spool)
    assert cut.reached is None
    assert "bytes instead of" in cut.problems[0]
    store.remove([key])
    gone = verify(store, manifest, Level.EXISTS, spool)
    assert "is missing" in gone.problems[0]
    assert read_listing(store).backups[0].is_damaged


@pytest.mark.fault("F03")
def test_one_flipped_bit_is_seen_by_the_hashes_and_not_by_the_listing(
    store: RememberedBackups, manifest: Manifest, spool: Path
) -> None:
    key = key_of(manifest, file_of(manifest, "customer"))
    body = bytearray(store.objects[key].body)
    body[len(body) // 2] ^= 1
    store.damage(key, bytes(body))
    assert verify(store, manifest, Level.EXISTS, spool).reached is Level.EXISTS
    for level in (Level.UNALTERED, Level.RIGHT):
        record = verify(store, manifest, level, spool)
        assert record.reached is Level.EXISTS
        assert "sha-256 differs" in record.problems[0]


@pytest.mark.fault("F03")
def test_a_dump_whose_hashes_fit_but_which_was_cut_off_is_seen_when_it_is_decoded(
    store: RememberedBackups, manifest: Manifest, spool: Path
) -> None:
    forged = _replaced(store, manifest, file_of(manifest, "customer"), lambda plain: plain[: len(plain) // 2])
    record = verify(store, forged, Level.DECODES, spool)
    assert record.reached is Level.UNALTERED
    assert "cut off instead of 500 rows" in record.problems[0]


def test_a_table_of_contents_that_cannot_be_read_is_seen_when_it_is_decoded(
    store: RememberedBackups, manifest: Manifest, spool: Path
) -> None:
    forged = _replaced(store, manifest, CONTENTS_FILE, lambda plain: plain[: len(plain) // 2])
    record = verify(store, forged, Level.RESTORES, spool)
    assert record.reached is Level.UNALTERED
    assert "pg_restore ended with 1" in record.problems[0]


def test_rows_that_a_restore_refuses_are_seen_by_the_restore(
    store: RememberedBackups, manifest: Manifest, spool: Path
) -> None:
    file = file_of(manifest, "customer")
    forged = _replaced(store, manifest, file, lambda plain: plain.replace(b"7\tcustomer", b"x\tcustomer", 1))
    record = verify(store, forged, Level.RIGHT, spool)
    assert record.reached is Level.DECODES
    assert "does not restore: pg_restore ended with 1" in record.problems[0]
    assert "invalid input syntax for type bigint" in record.problems[0]


def test_a_rotation_reads_every_part_once_and_proves_level_one_when_it_is_round(
    store: RememberedBackups, manifest: Manifest, spool: Path
) -> None:
    read = 0
    for number in (1, 2, 3):
        assert read_listing(store).backups[0].level is None
        record = verify(store, manifest, Level.UNALTERED, spool, Share(number=number, of=3))
        assert (record.problems, record.reached) == ([], None)
        read += record.parts_read
    assert read == len(manifest.parts)
    assert read_listing(store).backups[0].level is Level.UNALTERED


def _replaced(
    store: RememberedBackups, manifest: Manifest, file: str, change: Callable[[bytes], bytes]
) -> Manifest:
    """Change a file and its hashes, as a dump that was wrong from the beginning would have them."""
    key = key_of(manifest, file)
    plain = change(zstandard.decompress(store.objects[key].body))
    body = zstandard.compress(plain)
    store.damage(key, body)
    parts = [
        part.model_copy(
            update={
                "plain_bytes": len(plain),
                "plain_lines": plain.count(b"\n"),
                "stored_bytes": len(body),
                "sha256": hashlib.sha256(body).hexdigest(),
            }
        )
        if part.file == file
        else part
        for part in manifest.parts
    ]
    return manifest.model_copy(update={"parts": parts})
