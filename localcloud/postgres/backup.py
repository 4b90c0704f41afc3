"""One copy of a server's data on disk: a base backup or a snapshot, which are the same thing.

`data/` is the data directory with the log that makes it consistent; `backup.json` holds facts and is written
last, so that a copy without it is none.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from lifeboat.core.errors import Refused
from localcloud.aws.atomic_file import write_atomically
from localcloud.postgres.segment import Segment


class BackupFacts(BaseModel):
    """What is known about a copy.

    Args:
        major: the version that wrote the data.
        began_at: when copying began.
        finished_at: the first moment it can be restored to; what was acknowledged before `began_at` is in it.
        timeline: the server's.
        stop_lsn: how far the log has to be read for the copy to be consistent.
        segment_bytes: size of the server's log segments.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    major: int
    began_at: datetime
    finished_at: datetime
    timeline: int
    stop_lsn: int
    segment_bytes: int

    @property
    def last_segment(self) -> Segment:
        """The segment in which the copy becomes consistent: the first one a restore to a moment needs."""
        return Segment.holding(self.stop_lsn, self.timeline, self.segment_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A complete copy."""

    directory: Path
    facts: BackupFacts

    @classmethod
    def at(cls, directory: Path) -> Backup | None:
        """Return the copy in a directory; None when there is none, or it was never finished.

        Raises:
            Refused: its facts cannot be read.
        """
        try:
            facts = BackupFacts.model_validate_json((directory / "backup.json").read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except ValidationError as error:
            msg = f"{directory / 'backup.json'} cannot be read: {error.title}"
            raise Refused(msg) from error
        return cls(directory=directory, facts=facts)

    @property
    def data(self) -> Path:
        """The copied data directory."""
        return self.directory / "data"

    @staticmethod
    def clear(directory: Path) -> None:
        """Make room for a copy: take away what is left of one that was killed.

        Raises:
            Refused: a complete one is there.
        """
        if Backup.at(directory) is not None:
            msg = f"{directory} holds a complete copy already"
            raise Refused(msg)
        if directory.exists():
            shutil.rmtree(directory)

    def save(self) -> None:
        """Write the facts down, which makes the copy complete."""
        write_atomically(self.directory / "backup.json", [self.facts.model_dump_json(indent=1).encode()])
