"""Copies of files are the same, byte for byte, and no larger on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifeboat.postgres.account import Account
from localcloud.postgres.file_copy import DirectoryCopy

MEBI = 1024**2
SHAPES = {
    "empty": [],
    "whole": [(0, 5000)],
    "hole at the end": [(0, 5000), (4 * MEBI - 1, 0)],
    "holes between": [(MEBI, 5000), (3 * MEBI, 100)],
    "nothing but a hole": [(4 * MEBI - 1, 0)],
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_copy_is_the_same_and_its_holes_stay_holes(tmp_path: Path, shape: list[tuple[int, int]]) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    with (source / "file").open("wb") as file:
        for at, length in shape:
            file.seek(at)
            file.write(b"x" * length)
            file.truncate(at + max(length, 1))
    DirectoryCopy(account=Account.current()).copy(source, target)
    before, after = (source / "file").stat(), (target / "file").stat()
    assert (target / "file").read_bytes() == (source / "file").read_bytes()
    assert after.st_size == before.st_size
    assert after.st_blocks <= before.st_blocks
