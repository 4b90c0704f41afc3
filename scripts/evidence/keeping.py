"""Where packs are kept: beside the journal in the store, and wherever an operator wants a copy."""

from __future__ import annotations

import os
from pathlib import Path

from lifeboat.core.errors import ConfigError
from scripts.engine.objects import ObjectStore
from scripts.engine.places import RUNS
from scripts.evidence.pack import Pack


def evidence_key(pack: Pack) -> str:
    """Return the key of a pack; one that was made later, of more events, is another object."""
    return f"{RUNS}{pack.report.run_id}/evidence/{pack.report.events:06d}.zip"


def keep_pack(store: ObjectStore, pack: Pack) -> str:
    """Store a pack beside the journal it was made from and return its key.

    Raises:
        WriteConflict: another release made another pack of the same events; that one stays.
        StoreUnavailable: the store gave no answer.
    """
    key = evidence_key(pack)
    store.put_if_absent(key, pack.to_zip())
    return key


def write_pack(pack: Pack, path: Path) -> None:
    """Write a pack as a zip file when the name ends in `.zip`, else as a directory.

    Evidence is never written over: what is there must be this very pack.

    Raises:
        ConfigError: something else is there, or the place cannot be written to.

    Effects: creates the file or the directory; a zip file appears whole or not at all.
    """
    try:
        if path.suffix == ".zip":
            _write_file(path, pack.to_zip())
        else:
            _demand_ours(path, pack)
            path.mkdir(parents=True, exist_ok=True)
            for name, body in pack.files.items():
                _write_file(path / name, body)
    except OSError as error:
        raise ConfigError(f"cannot write evidence to {path}: {error.strerror}") from error


def _demand_ours(path: Path, pack: Pack) -> None:
    strange = sorted({entry.name for entry in path.iterdir()} - set(pack.files)) if path.exists() else []
    if strange:
        raise ConfigError(
            f"cannot write evidence to {path}: {strange[0]} lies there", hint="name an empty directory"
        )


def _write_file(path: Path, body: bytes) -> None:
    if path.exists():
        if path.is_dir() or path.read_bytes() != body:
            raise ConfigError(f"{path} is there, and is something else", hint="name another place")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(body)
    fresh.replace(path)
