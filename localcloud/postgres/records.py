"""What the service must remember over its own end: instances, snapshots, ports, ids that are gone.

One JSON file, written as a whole before an operation is answered, so the service never knows less than the
other side was told. It holds no secret: a password is in the server alone, as a SCRAM verifier.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from lifeboat.core.errors import Refused
from localcloud.aws.atomic_file import write_atomically
from localcloud.postgres.places import FIRST_PLACE, SECOND_PLACE
from localcloud.postgres.wire import Origin, away_name

FORMAT = 1
_HINT = "run `lifeboat cloud reset`: it keeps the old files aside and starts empty"


class Phase(StrEnum):
    """How far the making of an instance or a snapshot got."""

    MAKING = "making"
    MADE = "made"
    FAILED = "failed"
    """What is left of it is of no use; it can only be deleted."""


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InstanceRecord(_Document):
    """One instance.

    Args:
        server_port: loopback port of its server, which only the forwarder uses.
        password_print: what tells whether a password is the one told last, and not the password.
        is_stopped: somebody stopped it, so that it is not started with the service.
        trouble: a status of RDS, such as `failed`, that an operation left it in; empty when none did.
        reason: why.
        pending_restart: settings that hold from its server's next start.
        is_full: nothing is left of its storage, so that its server is kept down.
        multi_az: it shall have a hidden standby, see `standby.py`.
        place: the directory of its server's data; a failover changes it.
        standby_port: loopback port of its standby; 0 when it never had one.
        has_standby: one was made; what else lies in the standby's place is of no use.
        failovers: how often its standby has taken over.
    """

    resource_id: str
    region: str
    identifier: str
    major: int
    server_port: int
    password_print: str
    storage_gib: int
    backup_retention_days: int
    parameters: dict[str, str]
    origin: Origin
    source_resource_id: str | None
    phase: Phase = Phase.MAKING
    is_stopped: bool = False
    trouble: str = ""
    reason: str = ""
    pending_restart: tuple[str, ...] = ()
    is_full: bool = False
    multi_az: bool = False
    place: str = FIRST_PLACE
    standby_port: int = 0
    has_standby: bool = False
    failovers: int = 0

    @property
    def standby_place(self) -> str:
        """Where its standby is, or would be."""
        return SECOND_PLACE if self.place == FIRST_PLACE else FIRST_PLACE


class SnapshotRecord(_Document):
    """One snapshot.

    Args:
        directory: its name below the snapshots, never used twice.
        queue: resource id of the instance it was taken of, whose turns it takes.
    """

    arn: str
    directory: str
    major: int
    queue: str
    phase: Phase = Phase.MAKING
    reason: str = ""


class Advance(_Document):
    """One move of the cloud's time.

    Args:
        at: when, by the machine's clock.
        by_s: how far, in seconds.
    """

    at: datetime
    by_s: float


class AwayRecord(_Document):
    """One instance's automated backups in another region.

    Args:
        is_stopped: nothing more is copied.
    """

    resource_id: str
    source_region: str
    region: str
    retention_days: int
    is_stopped: bool = False

    @property
    def name(self) -> str:
        """What they are known by."""
        return away_name(self.resource_id, self.region)


class Records(_Document):
    """Everything that is saved.

    Args:
        away: backups in other regions, by name.
        gone: resource ids that were deleted and never come back.
        ports: of every identifier that ever had an endpoint, by region.
        advances: how the cloud came to be ahead of the machine, the first one first.
    """

    format: int = FORMAT
    instances: dict[str, InstanceRecord] = {}
    snapshots: dict[str, SnapshotRecord] = {}
    away: dict[str, AwayRecord] = {}
    gone: tuple[str, ...] = ()
    ports: dict[str, dict[str, int]] = {}
    advances: tuple[Advance, ...] = ()


class RecordFile:
    """The file at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Records:
        """Return what was saved; empty records when there is no file.

        Raises:
            Refused: the file is damaged or of another version; it is never overwritten.
        """
        try:
            records = Records.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return Records()
        except ValidationError as error:
            raise Refused(f"state file {self._path} cannot be read: {error.title}", hint=_HINT) from error
        if records.format != FORMAT:
            message = f"state file {self._path} has format {records.format}, this is format {FORMAT}"
            raise Refused(message, hint=_HINT)
        return records

    def write(self, records: Records) -> None:
        """Replace the file.

        Raises:
            OSError: the disk is full; the previous file is untouched.
        """
        write_atomically(self._path, (records.model_dump_json(indent=1).encode(),))
