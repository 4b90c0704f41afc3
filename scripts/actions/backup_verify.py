"""Climbs the ladder of verification for one backup and writes down how far it got; see `backup/levels.py`."""

from __future__ import annotations

from scripts.actions.backup_climb import Climb, VerifyJob
from scripts.backup.keys import verification_key
from scripts.backup.levels import VerificationRecord
from scripts.backup.sealed import encode

__all__ = ["VerifyJob", "verify_backup"]


def verify_backup(job: VerifyJob) -> VerificationRecord:
    """Verify a backup, write the record beside it, and return the record.

    Raises:
        Refused: it cannot be looked at here: no room, no programs, or the store gives no answer.

    Effects: reads objects, writes one; runs a server of its own from level 3 on.
    """
    began_s = job.clock.monotonic_s()
    climb = Climb(job)
    climb.run()
    record = VerificationRecord(
        backup_id=job.manifest.id,
        at=job.clock.now(),
        by=job.by,
        asked=job.level,
        reached=climb.reached,
        share=job.share,
        problems=climb.problems,
        not_done=climb.not_done,
        data_loss_s=climb.data_loss_s,
        parts_read=climb.parts_read,
        taken_s=round(job.clock.monotonic_s() - began_s, 3),
        tools=climb.tools,
        app_answered=climb.app_answered,
        accepted_shrink=job.accept_shrink if climb.is_restored else "",
    )
    key = verification_key(job.manifest.database, job.manifest.id, record.at)
    job.store.put_if_absent(key, encode(record))
    return record
