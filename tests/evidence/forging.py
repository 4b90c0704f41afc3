"""Means of somebody who changes a pack and knows how it is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.evidence import verify_evidence
from scripts.evidence.verify_evidence import GENESIS, MANIFEST, canonical, manifest_of, sha256

Files = dict[str, bytes]
JOURNAL = "journal.jsonl"


def wrong(place: Path, body: bytes, capsys: pytest.CaptureFixture[str] | None = None) -> str:
    """Verify a zip file that has to be wrong and return what is said about it."""
    place.write_bytes(body)
    assert verify_evidence.main([str(place)]) == 1
    return capsys.readouterr().out if capsys else ""


def forged(files: Files, **changes: bytes) -> bytes:
    """Return the zip of a pack of which files were changed and the manifest written anew to fit."""
    names = {name.replace("_", "."): body for name, body in changes.items()}
    changed = {**files, **names}
    return verify_evidence.zip_bytes({**changed, MANIFEST: manifest_of(changed)})


def lines_of(files: Files) -> list[bytes]:
    return files[JOURNAL].splitlines(keepends=True)


def chained(events: list[dict[str, Any]]) -> bytes:
    """Return a journal whose hashes were all computed anew."""
    lines, previous = [], GENESIS
    for number, event in enumerate(events, 1):
        content = {key: value for key, value in event.items() if key != "hash"}
        content |= {"sequence": number, "previous": previous}
        previous = sha256(canonical(content))
        lines.append(canonical({**content, "hash": previous}) + b"\n")
    return b"".join(lines)
