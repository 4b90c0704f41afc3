"""One way up the ladder of verification: rung after rung, until one does not hold."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.errors import Refused, StepFailed
from scripts.actions.backup_app import AppTrial, try_app
from scripts.actions.backup_child import run_child
from scripts.actions.backup_fetching import Fetched, fetch_parts, files_without_end, missing_or_resized
from scripts.actions.backup_programs import SERVERS, find_programs
from scripts.actions.backup_rehearsal import Rehearsal
from scripts.actions.backup_scratch_server import ScratchServer, ServerUnavailable
from scripts.actions.backup_spool import Spool, open_spool
from scripts.backup.forecast import MARGIN, mebibytes
from scripts.backup.levels import Level, Share
from scripts.backup.manifest import Manifest
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
        accept_shrink: why it may be much smaller than the one before; written down when it restores.
        app: how the app is run for level 5.
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
    app: AppTrial | None = None
    spool_root: Path | None = None
    spool_limit_bytes: int | None = None
    jobs: int = field(default_factory=lambda: min(4, os.cpu_count() or 1))
    clock: Clock = field(default_factory=SystemClock)
    tell: Callable[[str], None] = lambda _line: None


class Climb:
    """One way up; stops at the first rung that does not hold. For its attributes see the record."""

    def __init__(self, job: VerifyJob) -> None:
        self._job = job
        self.reached: Level | None = None
        self.problems: list[str] = []
        self.not_done: list[str] = []
        self.data_loss_s: float | None = None
        self.parts_read = 0
        self.tools: dict[str, str] = {}
        self.app_answered: bool | None = None

    @property
    def is_restored(self) -> bool:
        """Tell whether it came back and nothing is wrong with it."""
        return not self.problems and self.reached is not None and self.reached >= Level.RESTORES

    def run(self) -> None:
        """Climb as high as was asked.

        Raises:
            Refused: it cannot be looked at here.
        """
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
            is_app_asked = self._job.level >= Level.ANSWERS
            with ScratchServer(
                programs, spool.directory / "server", self._job.clock, on_loopback=is_app_asked
            ) as server:
                rehearsal = Rehearsal(self._job.manifest, directory, server, programs, jobs=self._job.jobs)
                found = rehearsal.run(look=self._job.level >= Level.RIGHT)
                if is_app_asked and found.restored and not found.problems:
                    self._try_app(server)
        except (ServerUnavailable, Refused) as error:
            self.not_done.append(f"restore: {error.message}")
            return
        self.not_done += found.not_done
        self.data_loss_s = found.data_loss_s
        if found.restored:
            self.reached = Level.RESTORES
        if self._holds(found.problems) and found.right:
            self.reached = Level.ANSWERS if self.app_answered else Level.RIGHT

    def _try_app(self, server: ScratchServer) -> None:
        """Level 5: looked at whatever else could be, claimed only above all the others."""
        if self._job.app is None:
            self.not_done.append("app: no command was given; --app-command runs it")
            return
        self._job.tell(f"L5: does the app answer at {self._job.app.url}?")
        try:
            tried = try_app(self._job.app, self._job.manifest, server, self._job.clock)
        except Refused as error:
            self.not_done.append(f"app: {error.message}")
            return
        self.app_answered = tried.answered
        self.not_done += tried.not_done

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
