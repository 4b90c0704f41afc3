"""The state file: one header line of JSON, then the records as JSON; refused when it is not exactly ours.

It holds the values of secrets and is readable by its owner alone. A file of another format or a damaged one
is never half loaded and never overwritten: starting is refused, and a reset sets it aside.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from lifeboat.core.errors import Refused
from localcloud.aws.atomic_file import write_atomically
from localcloud.fly.world import Records

FORMAT = 1
_KIND = "lifeboat-fly"
_HINT = "run `lifeboat cloud reset`: it keeps the old file aside and starts empty"


class Saved(BaseModel):
    """What is in the file: everything that exists, and how far the clock was advanced."""

    model_config = ConfigDict(
        extra="forbid", ser_json_bytes="base64", val_json_bytes="base64", ser_json_inf_nan="strings"
    )

    records: Records
    advanced_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFile:
    """Reads and writes the file at `path`."""

    path: Path

    def write(self, payload: bytes) -> None:
        """Replace the file; the previous one stays when that fails.

        Raises:
            OSError: no space, no permission.
        """
        digest = hashlib.sha256(payload).hexdigest()
        header = {"kind": _KIND, "format": FORMAT, "sha256": digest, "bytes": len(payload)}
        # The temporary file it becomes the file of is made with mode 0600.
        write_atomically(self.path, (json.dumps(header).encode(), b"\n", payload))

    def read(self) -> Saved | None:
        """Return what was saved, or None when there is no file.

        Raises:
            Refused: the file is not ours, of another format, or damaged.
        """
        if not self.path.exists():
            return None
        line, _, payload = self.path.read_bytes().partition(b"\n")
        header = self._header(line)
        if len(payload) != header.get("bytes") or hashlib.sha256(payload).hexdigest() != header.get("sha256"):
            raise Refused(f"state file {self.path} is damaged: its digest does not match", hint=_HINT)
        try:
            return Saved.model_validate_json(payload)
        except ValidationError as error:
            # Without the error's own text: it would show the values of secrets.
            where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            raise Refused(f"state file {self.path} cannot be loaded: {where} is wrong", hint=_HINT) from None

    def _header(self, line: bytes) -> dict[str, object]:
        try:
            header = json.loads(line)
        except ValueError as error:
            raise Refused(f"state file {self.path} has no readable header", hint=_HINT) from error
        if not isinstance(header, dict) or header.get("kind") != _KIND:
            raise Refused(f"state file {self.path} is not one of the local Fly", hint=_HINT)
        if header.get("format") != FORMAT:
            found = header.get("format")
            raise Refused(
                f"state file {self.path} was written with format {found}, this is format {FORMAT}",
                hint=_HINT,
            )
        return header
