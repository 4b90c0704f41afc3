"""The manifest: the one object that makes a heap of parts a backup.

It is written last, under a condition, and never again. Everything a restore and a verification need stands in
it, except for the bytes: no secret value and no password ever does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, ValidationError

from scripts.backup.sealed import BackupUnreadable, Piece, decode, encode

SCHEMA_VERSION = 1
CONTENTS_FILE = "toc.dat"
ROLES_FILE = "roles.sql"


class StoredPart(Piece):
    """One object: a piece of one file, compressed on its own (a whole zstandard frame).

    Args:
        file: name of the file in the dump's directory.
        number: place among the pieces of that file, from 1.
        offset: first plain byte in the file.
        plain_bytes: length before compression.
        plain_lines: line ends in it.
        stored_bytes: length of the object.
        sha256: of the object's bytes.
    """

    file: str
    number: Annotated[int, Field(ge=1)]
    offset: Annotated[int, Field(ge=0)]
    plain_bytes: Annotated[int, Field(ge=0)]
    plain_lines: Annotated[int, Field(ge=0)]
    stored_bytes: Annotated[int, Field(gt=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Table(Piece):
    """A table and its rows, counted in the snapshot of the dump and again in the dump's file."""

    oid: int
    namespace: str
    name: str
    rows: Annotated[int, Field(ge=0)]
    file: str


class SequenceState(Piece):
    """A sequence as it stood before the dump; sequences know no snapshot, so the dump may be ahead."""

    namespace: str
    name: str
    last_value: int
    is_called: bool


class Extension(Piece):
    """An extension that a restore needs."""

    name: str
    version: str


class Locale(Piece):
    """What a database is created with."""

    encoding: str
    collate: str
    ctype: str


class RestoreSet(Piece):
    """What of everything else belongs to this moment: a restore to it takes these together.

    Args:
        database_at: moment of the snapshot, on the database's clock.
        lsn: position in the write-ahead log at the snapshot; nothing behind it is in the backup.
        objects_cut_off_at: versions of S3 objects that are newer than this do not belong to it.
        images: digest of the image that ran, by `app/group`.
        secret_versions: version id in force, by name of the secret; never a value.
        checkpoint_sha256: of the stack's checkpoint file; None when it could not be read.
        unread: what could not be found out, and why.
    """

    database_at: AwareDatetime
    lsn: str
    objects_cut_off_at: AwareDatetime
    images: dict[str, str]
    secret_versions: dict[str, str]
    checkpoint_sha256: str | None
    unread: list[str]


class Manifest(Piece):
    """A finished backup of one database.

    Args:
        neighbours: every database of the instance that was worth a copy then; empty when nobody looked.
    """

    schema_version: Literal[1] = 1
    kind: Literal["logical"] = "logical"
    id: str
    environment: str
    database: str
    identifier: Annotated[str, Field(description="the instance it was taken from")]
    neighbours: list[str] = Field(default_factory=list)
    started_at: AwareDatetime
    stopped_at: AwareDatetime
    clock_skew_s: Annotated[float, Field(description="database's clock minus ours")]
    server_version: str
    tools: dict[str, str]
    locale: Locale
    database_bytes: int
    tables: list[Table]
    sequences: list[SequenceState]
    extensions: list[Extension]
    roles: list[str]
    schema_sha256: str
    parts: list[StoredPart]
    restore_set: RestoreSet

    @property
    def snapshot_at(self) -> datetime:
        """The moment whose data it holds."""
        return self.restore_set.database_at

    @property
    def stored_bytes(self) -> int:
        """Bytes in the bucket."""
        return sum(part.stored_bytes for part in self.parts)

    @property
    def plain_bytes(self) -> int:
        """Bytes once decompressed."""
        return sum(part.plain_bytes for part in self.parts)

    @property
    def rows(self) -> int:
        """Rows in all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def server_major(self) -> int:
        """Major version of the server."""
        return int(self.server_version.partition(".")[0])

    def encode(self) -> bytes:
        """Return the object's body."""
        return encode(self)


def parse_manifest(body: bytes, source: str) -> Manifest:
    """Read a manifest.

    Args:
        body: bytes of the object.
        source: its key, for messages.

    Raises:
        BackupUnreadable: damaged, altered, of another schema version, or with parts that do not fit together.
    """
    content = decode(body, source)
    version = content.get("schema_version") if isinstance(content, dict) else None
    if version != SCHEMA_VERSION:
        raise BackupUnreadable(
            f"{source}: manifest has schema version {version!r}, this lifeboat reads {SCHEMA_VERSION}"
        )
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BackupUnreadable(f"{source}: {where}: {first['msg'].lower()}") from error
    problem = gaps(manifest.parts)
    if problem:
        raise BackupUnreadable(f"{source}: {problem}")
    return manifest


def parts_by_file(parts: Sequence[StoredPart]) -> Mapping[str, tuple[StoredPart, ...]]:
    """Return the pieces of each file in their order."""
    found: defaultdict[str, list[StoredPart]] = defaultdict(list)
    for part in parts:
        found[part.file].append(part)
    return {
        file: tuple(sorted(pieces, key=lambda piece: piece.number)) for file, pieces in sorted(found.items())
    }


def gaps(parts: Sequence[StoredPart]) -> str:
    """Say which piece of which file is missing; empty when every file is whole."""
    for file, pieces in parts_by_file(parts).items():
        offset = 0
        for number, piece in enumerate(pieces, 1):
            if piece.number != number or piece.offset != offset:
                return f"file {file}: piece {number} at byte {offset} is missing"
            offset += piece.plain_bytes
    return ""
