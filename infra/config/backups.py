"""Sections `backups` and `audit`: the buckets that outlive a region, and the trail of who did what."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from infra.config.section import Section


class LockMode(StrEnum):
    """Object Lock modes."""

    GOVERNANCE = "GOVERNANCE"
    """The break-glass role can shorten it."""
    COMPLIANCE = "COMPLIANCE"
    """Nobody can, the root user of the account included."""


class ObjectLock(Section):
    """Every new object version cannot be deleted for this long."""

    mode: LockMode
    """`GOVERNANCE`, or `COMPLIANCE`, which nobody can undo."""
    days: Annotated[int, Field(ge=1, le=3650)]
    """At least `retention_days`."""


class Backups(Section):
    """Logical backups in one bucket per region."""

    schedule: str
    """When they run: five cron fields, UTC."""
    retention_days: Annotated[int, Field(ge=1, le=3650)]
    """How long they are kept."""
    bucket_suffix: Annotated[str, Field(pattern=r"^[a-z0-9]{4,12}$")]
    """Makes the buckets' names unique among all AWS accounts; never changes."""
    object_lock: ObjectLock | None = None
    """Absent: backups can be deleted before their time. A protected environment must have it."""
    replication: bool
    """Each region's bucket is copied into the other's within 15 minutes."""


class Audit(Section):
    """A CloudTrail trail with the objects of the backup buckets."""

    enabled: bool
    """A protected environment must have it, unless the account has an organisation trail."""
    retention_days: Annotated[int, Field(ge=30, le=3650)] = 365
    """How long the trail's files are kept."""
