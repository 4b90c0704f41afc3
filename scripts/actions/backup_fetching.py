"""Reads the parts of a backup back, each once: length, SHA-256, and whether it decodes to what was put in.

What is wrong is collected, not raised: whoever has a damaged backup wants to know everything that is wrong
with it. A store that does not answer says nothing about a backup and is raised.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import zstandard

from scripts.backup.data_file import TAIL_BYTES, rows_of
from scripts.backup.keys import part_key
from scripts.backup.manifest import CONTENTS_FILE, ROLES_FILE, Manifest, StoredPart, parts_by_file
from scripts.backup.store import BackupStore


@dataclass(slots=True)
class Fetched:
    """What reading parts showed.

    Args:
        altered: parts that are missing or are not the bytes that were written.
        undecodable: parts or files that do not hold what the manifest says.
        read: how many parts were read.
    """

    altered: list[str] = field(default_factory=list)
    undecodable: list[str] = field(default_factory=list)
    read: int = 0


def missing_or_resized(store: BackupStore, manifest: Manifest) -> list[str]:
    """Return what is wrong with the objects of a backup without reading one.

    Effects: lists objects.
    """
    sizes = store.sizes(f"{_key(manifest, manifest.parts[0]).rpartition('/')[0]}/") if manifest.parts else {}
    problems = []
    for part in manifest.parts:
        found = sizes.get(_key(manifest, part))
        if found is None:
            problems.append(f"{_name(part)}: is missing")
        elif found != part.stored_bytes:
            problems.append(f"{_name(part)}: has {found} bytes instead of {part.stored_bytes}")
    demanded = {CONTENTS_FILE, ROLES_FILE, *(table.file for table in manifest.tables)}
    absent = demanded - {part.file for part in manifest.parts}
    return problems + [f"{file}: has no part" for file in sorted(absent)]


def fetch_parts(
    store: BackupStore,
    manifest: Manifest,
    parts: Sequence[StoredPart],
    *,
    jobs: int,
    directory: Path | None,
    decode: bool,
) -> Fetched:
    """Read parts and say what is wrong with them.

    Args:
        store: where they lie.
        manifest: whose they are.
        parts: which of them.
        jobs: how many at once; each needs as much memory as a part.
        directory: where their plain bytes are put together; None for nowhere.
        decode: look at the plain bytes as well.

    Raises:
        StoreUnavailable: the store gave no answer.

    Effects: reads objects.
    """
    fetched = Fetched()

    def fetch(part: StoredPart) -> None:
        found = store.get(_key(manifest, part))
        body = b"" if found is None else found.body
        fetched.read += 1
        if hashlib.sha256(body).hexdigest() != part.sha256:
            fetched.altered.append(f"{_name(part)}: {'is missing' if found is None else 'sha-256 differs'}")
        elif decode or directory is not None:
            problem = _decode(part, body, directory)
            if problem:
                fetched.undecodable.append(f"{_name(part)}: {problem}")

    with ThreadPoolExecutor(jobs) as pool:
        for done in [pool.submit(fetch, part) for part in parts]:
            done.result()
    fetched.altered.sort()
    fetched.undecodable.sort()
    return fetched


def files_without_end(manifest: Manifest, directory: Path) -> list[str]:
    """Return the files of table data that do not end as they have to, or hold other than their rows."""
    pieces = parts_by_file(manifest.parts)
    problems = []
    for table in manifest.tables:
        line_ends = sum(part.plain_lines for part in pieces[table.file])
        rows = rows_of(line_ends, _tail(directory / table.file))
        if rows != table.rows:
            name = f"{table.namespace}.{table.name}"
            problems.append(
                f"table {name}: {'cut off' if rows is None else rows} instead of {table.rows} rows"
            )
    return problems


def _decode(part: StoredPart, body: bytes, directory: Path | None) -> str:
    try:
        plain = zstandard.ZstdDecompressor().decompress(body, max_output_size=part.plain_bytes)
    except zstandard.ZstdError as error:
        return str(error)
    if len(plain) != part.plain_bytes or plain.count(b"\n") != part.plain_lines:
        return f"holds {len(plain)} bytes instead of {part.plain_bytes}, or other lines"
    if directory is not None:
        handle = os.open(directory / part.file, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(handle, plain, part.offset)
        finally:
            os.close(handle)
    return ""


def _tail(path: Path) -> bytes:
    with path.open("rb") as source:
        source.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return source.read()


def _key(manifest: Manifest, part: StoredPart) -> str:
    return part_key(manifest.database, manifest.id, part.file, part.number)


def _name(part: StoredPart) -> str:
    return f"part {part.file}.{part.number:06d}"
