"""The files of volumes and snapshots: real directories, really copied.

Nothing outside the world's own directory is ever written or removed.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from localcloud.fly.world import World


def make_directory(world: World, kind: str, name: str) -> str:
    """Make the empty directory of a volume or snapshot and return its absolute path.

    Args:
        world: whose directory it is made in.
        kind: `volumes` or `snapshots`.
        name: the id.
    """
    path = world.directory / kind / name
    path.mkdir(parents=True, exist_ok=True)
    return str(path.absolute())


def copy_files(source: str, target: str) -> None:
    """Make `target` hold the files of `source`; links are copied as links, sockets and pipes left out."""
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, ignore=_special)


def remove_files(world: World, content: str) -> None:
    """Remove a directory that `make_directory` made; one that is gone or not ours is left alone."""
    path = Path(content)
    if content and path.is_relative_to(world.directory.absolute()):
        shutil.rmtree(path, ignore_errors=True)


def size_of(content: str) -> int:
    """Return the bytes of all files."""
    return sum(path.lstat().st_size for path in _files(content))


def digest_of(content: str) -> str:
    """Return a SHA-256 over names and bytes: equal for equal files."""
    whole = hashlib.sha256()
    for path in _files(content):
        whole.update(str(path.relative_to(content)).encode() + b"\0")
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def _files(content: str) -> list[Path]:
    found = Path(content).rglob("*") if content else ()
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def _special(directory: str, names: list[str]) -> list[str]:
    paths = [(name, Path(directory) / name) for name in names]
    return [name for name, path in paths if not (path.is_file() or path.is_dir() or path.is_symlink())]
