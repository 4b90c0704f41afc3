"""Copying a directory as fast as the disk allows: several files at a time, and inside the kernel.

`copy_file_range` shares the blocks where the file system can (Btrfs, XFS) and elsewhere moves them without
a detour through this process; holes stay holes. Nothing is synced: what is copied here survives the end of
any process, not of the machine.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lifeboat.postgres.account import Account

_AT_A_TIME = 2
_PIECE_BYTES = 64 * 2**20
_NOT_HERE = {errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryCopy:
    """How a directory is copied.

    Args:
        account: who gets the copy, closed to everybody else.
        keep: tells by its relative path whether a file or directory is copied.
        before_each: called before every file; what it raises ends the copying.
    """

    account: Account
    keep: Callable[[Path], bool] = lambda _: True
    before_each: Callable[[], None] = lambda: None

    def copy(self, source: Path, target: Path) -> None:
        """Copy; files that vanish meanwhile are left out, as a running server's may.

        Raises:
            OSError: the disk is full, or something cannot be read; what was copied stays.
        """
        self.account.make_private(target)
        files = list(self._walk(source, target, Path()))
        with ThreadPoolExecutor(_AT_A_TIME) as threads:
            copies = [threads.submit(self.copy_file, source / file, target / file) for file in files]
            try:
                for copy in copies:
                    copy.result()
            except BaseException:
                threads.shutdown(cancel_futures=True)
                raise

    def copy_file(self, source: Path, target: Path) -> None:
        """Copy one file."""
        self.before_each()
        try:
            reading = source.open("rb", buffering=0)
        except FileNotFoundError:
            return
        with reading, target.open("wb", buffering=0) as writing:
            target.chmod(0o600)
            _pump(reading.fileno(), writing.fileno())
        self.account.own(target)

    def _walk(self, source: Path, target: Path, below: Path) -> Iterator[Path]:
        with os.scandir(source / below) as entries:
            for entry in entries:
                path = below / entry.name
                if not self.keep(path):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    self.account.make_private(target / path)
                    yield from self._walk(source, target, path)
                elif entry.is_file(follow_symlinks=False):
                    yield path


def _pump(reading: int, writing: int) -> None:
    try:
        for begin, end in _extents(reading):
            _move(reading, writing, begin, end)
    except (AttributeError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in _NOT_HERE:
            raise
        for handle in (reading, writing):
            os.lseek(handle, 0, os.SEEK_SET)
        with os.fdopen(os.dup(reading), "rb") as source, os.fdopen(os.dup(writing), "wb") as target:
            shutil.copyfileobj(source, target, _PIECE_BYTES)
    # The holes behind the last data are part of the file too.
    os.ftruncate(writing, max(os.fstat(reading).st_size, os.fstat(writing).st_size))


def _extents(reading: int) -> Iterator[tuple[int, int]]:
    """Yield where a file holds data: segments of a log that were handed over early are mostly holes."""
    end = 0
    while True:
        try:
            begin = os.lseek(reading, end, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:
                return
            raise
        end = os.lseek(reading, begin, os.SEEK_HOLE)
        yield begin, end


def _move(reading: int, writing: int, begin: int, end: int) -> None:
    while begin < end:
        moved = os.copy_file_range(reading, writing, min(end - begin, _PIECE_BYTES), begin, begin)
        if not moved:
            # Cut off meanwhile.
            return
        begin += moved
