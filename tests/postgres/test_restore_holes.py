"""A log with a hole: a restore ends before it or is refused, never shorter than asked without a word."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lifeboat.core.errors import Refused
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.archive import Archive
from localcloud.postgres.recovery import prepare_copy
from localcloud.postgres.restore import restore_to
from localcloud.postgres.server import Server
from localcloud.postgres.window import latest_restorable_at
from tests.postgres.backed_up import Source, linked, open_source, replace_file
from tests.postgres.databases import Databases
from tests.postgres.writing import rows_in
from tests.waiting import soon

_IN_A_RECORD = 5000
"""Bytes into a segment: among the rows of the history."""


@pytest.fixture(scope="module")
def source(templates: Path) -> Iterator[Source]:
    with open_source(templates) as source:
        yield source


@pytest.fixture
def archive(source: Source, databases: Databases) -> Archive:
    return linked(source.archive, databases.directory / "archive")


@pytest.fixture
def target(databases: Databases) -> Server:
    return databases.server("target")


def damage(segment: Path, fault: str) -> None:
    content = bytearray(segment.read_bytes())
    if fault == "missing":
        segment.unlink()
        return
    if fault == "truncated":
        del content[len(content) // 2 :]
    content[_IN_A_RECORD] ^= 1
    replace_file(segment, bytes(content))


def test_plain_recovery_takes_a_missing_segment_for_the_end_and_says_nothing(
    source: Source, archive: Archive, target: Server
) -> None:
    """The trap: no target, a hole, and PostgreSQL promotes with a part of the rows."""
    damage(archive.wal / source.segments[1], "missing")
    shutil.copytree(archive.backups()[0].data, target.data, copy_function=shutil.copyfile)
    target.account.make_private(target.data)
    restore_command = {"restore_command": f'cp {archive.wal}/%f "%p"'}
    prepare_copy(target.account, target.data, restore_command, "recovery.signal")
    target.start()
    assert soon(lambda: target.query("select pg_is_in_recovery()") == [(False,)])
    assert rows_in(target) < source.history.acknowledged()


@pytest.mark.fault("F08")
@pytest.mark.parametrize("fault", ["missing", "truncated", "damaged"])
def test_a_hole_ends_what_can_be_restored(
    source: Source, archive: Archive, target: Server, fault: str
) -> None:
    before, after = source.moment(0.1), source.moment(1.0)
    damage(archive.wal / source.segments[1], fault)
    latest_at = latest_restorable_at(archive)
    assert latest_at is not None
    assert before < latest_at < after
    for moment in (after, None):
        with pytest.raises(Refused) as refused:
            restore_to(archive, target, moment)
        assert f"{source.segments[1]} is {fault}" in refused.value.hint
    restore_to(archive, target, before)
    assert rows_in(target) == source.history.acknowledged(before=before)


@pytest.mark.fault("F08")
def test_damage_that_nobody_saw_before_ends_the_restore_and_leaves_nothing(
    source: Source, archive: Archive, target: Server
) -> None:
    """A segment that changes after it was looked at: PostgreSQL itself refuses to end before the target."""
    moment = source.moment(1.0)
    assert latest_restorable_at(archive)
    damage(archive.wal / source.segments[1], "damaged")
    with pytest.raises(ServerFailed, match="before configured recovery target"):
        restore_to(archive, target, moment)
    assert not target.is_running
    assert not target.data.exists()


def test_a_snapshot_without_its_log_does_not_start(source: Source, archive: Archive, target: Server) -> None:
    """A base backup becomes consistent by the log in it; without it PostgreSQL refuses."""
    damage(archive.wal / source.segments[0], "missing")
    first = min(path for path in (archive.backups()[0].data / "pg_wal").iterdir() if path.is_file())
    first.unlink()
    damage(archive.wal / first.name, "missing")
    with pytest.raises(Refused, match="is missing"):
        restore_to(archive, target, source.moment(0.0))
