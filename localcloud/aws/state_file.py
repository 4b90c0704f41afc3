"""The state file: one header line of JSON, then the snapshot; refused when it is not exactly ours.

A file of another version or a damaged one is never half loaded and never overwritten: starting is refused,
and `lifeboat cloud reset` sets the file aside.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lifeboat.core.errors import Refused
from localcloud.aws.atomic_file import write_atomically
from localcloud.aws.pinned_moto import MOTO_VERSION

FORMAT = 1
_HINT = "run `lifeboat cloud reset`: it keeps the old file aside and starts empty"


def stamp() -> dict[str, str | int]:
    """Return the versions a snapshot is tied to: pickles name classes and fields of exactly these."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"format": FORMAT, "moto": MOTO_VERSION, "dill": version("dill"), "python": python}


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFile:
    """Reads and writes the file at `path`."""

    path: Path

    def write(self, payload: bytes) -> None:
        """Replace the file; the previous one stays when that fails.

        Raises:
            OSError: no space, no permission.
        """
        header = {**stamp(), "sha256": hashlib.sha256(payload).hexdigest(), "bytes": len(payload)}
        write_atomically(self.path, (json.dumps(header).encode(), b"\n", payload))

    def read(self) -> bytes | None:
        """Return the snapshot, or None when there is no file.

        Raises:
            Refused: the file is of other versions, or damaged.
        """
        if not self.path.exists():
            return None
        line, _, payload = self.path.read_bytes().partition(b"\n")
        header = self._header(line)
        if len(payload) != header.get("bytes") or hashlib.sha256(payload).hexdigest() != header.get("sha256"):
            raise Refused(f"state file {self.path} is damaged: its digest does not match", hint=_HINT)
        return payload

    def _header(self, line: bytes) -> dict[str, object]:
        try:
            header = json.loads(line)
        except ValueError as error:
            raise Refused(f"state file {self.path} has no readable header", hint=_HINT) from error
        if not isinstance(header, dict):
            raise Refused(f"state file {self.path} has no readable header", hint=_HINT)
        for name, expected in stamp().items():
            if header.get(name) != expected:
                found = header.get(name)
                message = f"state file {self.path} was written with {name} {found}, this is {name} {expected}"
                raise Refused(message, hint=_HINT)
        return header

    def refuse(self, cause: Exception) -> Refused:
        """Return the refusal for a snapshot whose digest is right and that still cannot be loaded."""
        return Refused(f"state file {self.path} cannot be loaded: {cause!r}", hint=_HINT)
