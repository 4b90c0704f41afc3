"""Climbs the ladder of verification for one backup and writes down how far it got; see `backup/levels.py`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.errors import Refused, StepFailed
from scripts.actions.backup_child import run_child
from scripts.actions.backup_fetching import Fetched, fetch_parts, files_without_end, missing_or_resized
from scripts.actions.backup_programs import SERVERS, find_programs
from scripts.actions.backup_rehearsal import Rehearsal
from scripts.actions.backup_scratch_server import ScratchServer, ServerUnavailable
from scripts.actions.backup_spool import Spool, open_spool
from scripts.backup.forecast import MARGIN, mebibytes
from scripts.backup.keys import verification_key
from scripts.backup.levels import Level, Share, VerificationRecord
from scripts.backup.manifest import Manifest
from scripts.backup.sealed import encode
from scripts.backup.store import BackupStore

_DECODE_S = 6 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyJob:
    """What to look at, and how closely.

    Args:
        store: where the backup lies.
        manifest: of the backup.
        level: how high to climb.
        by: user and host.
        share: read only this share of the parts, and claim nothing but that.
        accept_shrink: why it is right that it is much smaller than the one before; written down when it restores.
        spool_root: where it is decoded; None for the system's temporary directory.
        spool_limit_bytes: what it may take there.
        jobs: parts and tables at once.
        tell: called with a line at the beginning of each level.
    """

    store: BackupStore
    manifest: Manifest
    level: Level
    by: str
    share: Share | None = None
    accept_shrink: str = ""
    spool_root: Path | None = None
    spool_limit_bytes: int | None = None
    jobs: int = field(default_factory=lambda: min(4, os.cpu_count() or 1))
    clock: Clock = field(default_factory=SystemClock)
    tell: Callable[[str], None] = lambda _line: None


def verify_backup(job: VerifyJob) -> VerificationRecord:
    """Verify a backup, write the record beside it, and return the record.

    Raises:
        Refused: it cannot be looked at here: no room, no programs, or the store gives no answer.

    Effects: reads objects, writes one; runs a server of its own from level 3 on.
    """
    began_s = job.clock.monotonic_s()
    climb = _Climb(job)
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
        accepted_shrink=job.accept_shrink if _is_sound(climb) else "",
    )
    key = verification_key(job.manifest.database, job.manifest.id, record.at)
    job.store.put_if_absent(key, encode(record))
    return record


def _is_sound(climb: _Climb) -> bool:
    return not climb.problems and climb.reached is not None and climb.reached >= Level.RESTORES


class _Climb:
    """One way up; stops at the first rung that does not hold."""

    def __init__(self, job: VerifyJob) -> None:
        self._job = job
        self.reached: Level | None = None
        self.problems: list[str] = []
        self.not_done: list[str] = []
        self.data_loss_s: float | None = None
        self.parts_read = 0
        self.tools: dict[str, str] = {}

    def run(self) -> None:
        if self._job.share is not None:
            self._rotate(self._job.share)
            return
        self._job.tell("L0: is everything there?")
        if not self._holds(missing_or_resized(self._job.store, self._job.manifest)):
            return
        self.reached = Level.EXISTS
        if self._job.level == Level.UNALTERED:
            self._job.tell(f"L1: SHA-256 of {len(self._job.manifest.parts)} parts")
            if self._holds(self._fetch(None, decode=False).altered):
                self.reached = Level.UNALTERED
        elif self._job.level > Level.UNALTERED:
            with open_spool(
                self._job.spool_root, f"verify-{secrets.token_hex(6)}", self._job.spool_limit_bytes
            ) as spool:
                self._check_room(spool)
                self._decode(spool)

    def _rotate(self, share: Share) -> None:
        parts = [part for index, part in enumerate(self._job.manifest.parts) if share.takes(index)]
        self._job.tell(f"share {share.number} of {share.of}: {len(parts)} parts")
        fetched = fetch_parts(
            self._job.store, self._job.manifest, parts, jobs=self._job.jobs, directory=None, decode=True
        )
        self.parts_read = fetched.read
        self._holds([*fetched.altered, *fetched.undecodable])

    def _decode(self, spool: Spool) -> None:
        manifest, directory = self._job.manifest, spool.private("backup") / "dump"
        directory.mkdir(mode=0o700)
        self._job.tell(
            f"L1, L2: SHA-256 of {len(manifest.parts)} parts, decoding {mebibytes(manifest.plain_bytes)}"
        )
        fetched = self._fetch(directory, decode=True)
        if not self._holds(fetched.altered):
            return
        self.reached = Level.UNALTERED
        if not self._holds(fetched.undecodable) or not self._holds(files_without_end(manifest, directory)):
            return
        programs = find_programs(manifest.server_major)
        self.tools["pg_restore"] = programs.version
        argv: list[str | Path] = [programs.path("pg_restore"), "--file=/dev/null", directory]
        try:
            run_child(argv, cwd=directory, timeout_s=_DECODE_S, must_be_quiet=True)
        except StepFailed as error:
            self._holds([error.message])
            return
        self.reached = Level.DECODES
        if self._job.level > Level.DECODES:
            self._rehearse(spool, directory)

    def _rehearse(self, spool: Spool, directory: Path) -> None:
        self._job.tell("L3: restoring into a throw-away server")
        try:
            programs = find_programs(self._job.manifest.server_major, SERVERS)
            self.tools["postgres"] = programs.version
            with ScratchServer(programs, spool.directory / "server", self._job.clock) as server:
                rehearsal = Rehearsal(self._job.manifest, directory, server, programs, jobs=self._job.jobs)
                found = rehearsal.run(look=self._job.level >= Level.RIGHT)
        except (ServerUnavailable, Refused) as error:
            self.not_done.append(f"restore: {error.message}")
            return
        self.not_done += found.not_done
        self.data_loss_s = found.data_loss_s
        if found.restored:
            self.reached = Level.RESTORES
        if self._holds(found.problems) and found.right:
            self.reached = Level.RIGHT

    def _fetch(self, directory: Path | None, *, decode: bool) -> Fetched:
        fetched = fetch_parts(
            self._job.store,
            self._job.manifest,
            self._job.manifest.parts,
            jobs=self._job.jobs,
            directory=directory,
            decode=decode,
        )
        self.parts_read = fetched.read
        return fetched

    def _check_room(self, spool: Spool) -> None:
        needed = self._job.manifest.plain_bytes
        if self._job.level >= Level.RESTORES:
            needed += int(self._job.manifest.database_bytes * MARGIN)
        allowed = spool.free_bytes if spool.limit_bytes is None else min(spool.free_bytes, spool.limit_bytes)
        if needed > allowed:
            raise Refused(
                f"spool {spool.directory.parent}: needs {mebibytes(needed)}, may take {mebibytes(allowed)}",
                hint="name a larger disk with --spool, or verify a lower level",
            )

    def _holds(self, problems: list[str]) -> bool:
        self.problems += problems
        return not problems
