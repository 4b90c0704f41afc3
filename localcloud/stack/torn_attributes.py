"""Attribute files that a killed engine left half written beside a stack's state.

The engine's file:// backend replaces a file by renaming, but empties its `.attrs` file (content type and
checksum) before it writes it (`gocloud.dev/blob/fileblob/attrs.go`). Killed in between, it cannot read the
stack again ("failed to load checkpoint: EOF"), although the state itself is whole. One that is missing is no
error.
"""

from __future__ import annotations

import json
from pathlib import Path


def remove_torn_attributes(state: Path) -> tuple[Path, ...]:
    """Remove the unreadable attribute files of a state and its backup, and return their paths.

    Nothing is lost by it, not even while an engine is writing one: it only goes without.
    """
    torn = tuple(path for path in state.parent.glob(f"{state.name}*.attrs") if _is_torn(path))
    for path in torn:
        path.unlink(missing_ok=True)
    return torn


def _is_torn(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except FileNotFoundError:
        return False
    except ValueError:
        return True
    return False
