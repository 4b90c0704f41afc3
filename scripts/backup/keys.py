"""Where the objects of a backup lie; the store's own prefix (`lifeboat/backups/<environment>/`) comes first.

<database>/<id>/begun.json                   who began it and when; written first
<database>/<id>/parts/<file>.<number>.zst    bounded pieces of the files of the dump
<database>/<id>/manifest.json                written last: without it there is no backup
<database>/<id>/verifications/<…>.json       what was proven, when and by whom
<database>/<id>/holds/<holder>.json          who needs it, until when
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from lifeboat.core.errors import ConfigError

_ID = re.compile(r"backup-\d{8}-\d{6}-[0-9a-f]{6}")
_HOLDER = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}")


def store_prefix(environment: str) -> str:
    """Return what every key of an environment's backups starts with in its bucket."""
    return f"lifeboat/backups/{environment}/"


def new_backup_id(now: datetime) -> str:
    """Return an id such as `backup-20261122-020000-4f3a9c`; nothing is ever decided on its order."""
    return f"backup-{now.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def is_backup_id(text: str) -> bool:
    """Tell whether a text has the form of a backup's id."""
    return _ID.fullmatch(text) is not None


def check_backup_id(text: str) -> str:
    """Return a backup id that somebody typed.

    Raises:
        ConfigError: it is not one.
    """
    if not is_backup_id(text):
        raise ConfigError(f"{text!r} is not a backup id", hint="`lifeboat backup list` shows them")
    return text


def backup_prefix(database: str, backup_id: str) -> str:
    """Return what all keys of a backup start with."""
    return f"{quote(database, safe='')}/{backup_id}/"


def owner_of(key: str) -> tuple[str, str] | None:
    """Return the database and the backup id a key belongs to; None for a key of something else."""
    database, _, rest = key.partition("/")
    backup_id, slash, _ = rest.partition("/")
    return (unquote(database), backup_id) if slash and _ID.fullmatch(backup_id) else None


def begun_key(database: str, backup_id: str) -> str:
    """Return the key of the mark that a backup was begun."""
    return f"{backup_prefix(database, backup_id)}begun.json"


def manifest_key(database: str, backup_id: str) -> str:
    """Return the key whose object makes a backup one."""
    return f"{backup_prefix(database, backup_id)}manifest.json"


def part_key(database: str, backup_id: str, file: str, number: int) -> str:
    """Return the key of one piece of a file, numbered from 1."""
    return f"{backup_prefix(database, backup_id)}parts/{file}.{number:06d}.zst"


def verification_prefix(database: str, backup_id: str) -> str:
    """Return what the keys of all records of verification start with."""
    return f"{backup_prefix(database, backup_id)}verifications/"


def verification_key(database: str, backup_id: str, at: datetime) -> str:
    """Return a new key for a record of verification."""
    moment = f"{at.astimezone(UTC):%Y%m%dT%H%M%S}"
    return f"{verification_prefix(database, backup_id)}{moment}-{secrets.token_hex(3)}.json"


def hold_prefix(database: str, backup_id: str) -> str:
    """Return what the keys of all holds start with."""
    return f"{backup_prefix(database, backup_id)}holds/"


def hold_key(database: str, backup_id: str, holder: str) -> str:
    """Return the key of a holder's hold.

    Raises:
        ConfigError: the holder's name cannot be a key.
    """
    if _HOLDER.fullmatch(holder) is None:
        raise ConfigError(f"{holder!r} cannot hold a backup", hint="use a run id")
    return f"{hold_prefix(database, backup_id)}{holder}.json"
