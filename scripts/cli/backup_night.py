"""The parts of a night, in order; one that fails does not keep the others from their turn."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lifeboat.core.clock import SystemClock
from lifeboat.core.contract import Contract
from lifeboat.core.errors import Findings, LifeboatError, Refused, Unverified
from scripts.actions.backup_create import default_jobs
from scripts.actions.backup_programs import SERVERS, find_programs
from scripts.actions.backup_verify import VerifyJob, verify_backup
from scripts.actions.rds_snapshot import take_snapshot
from scripts.backup.levels import Level, VerificationRecord
from scripts.backup.listing import Listing
from scripts.backup.retention import Retention
from scripts.backup.rota import rota
from scripts.cli.backup_places import SpoolOptions, backup_jobs, read_backups, whoever
from scripts.cli.backup_pruning import prune_all
from scripts.cli.backup_rds import snapshot_job
from scripts.cli.backup_steps import doubts_about, make_all, say, together
from scripts.cli.backup_stock import report_stock, take_stock
from scripts.cli.backup_view import record_line

MINIMUM = 3


@dataclass(slots=True)
class Part:
    """What became of one part.

    Args:
        name: of the part.
        data: what it did, as JSON.
        error: why it is not right; None when it is.
        warnings: what somebody should know all the same.
    """

    name: str
    data: Any = None
    error: LifeboatError | None = None
    warnings: list[str] = field(default_factory=list)
    is_bug: bool = False

    @property
    def exit_code(self) -> int:
        """Its code, as if it had been a command."""
        if self.is_bug:
            return 1
        return self.error.exit_code if self.error else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One night of one environment."""

    contract: Contract
    spool: SpoolOptions
    jobs: int | None

    def parts(self) -> tuple[tuple[str, Callable[[Part], None]], ...]:
        """Return the parts in their order."""
        return (
            ("create", self.create),
            ("verify", self.verify),
            ("snapshot", self.snapshot),
            ("prune", self.prune),
            ("metrics", self.metrics),
        )

    def create(self, part: Part) -> None:
        """Copy every database."""
        jobs = backup_jobs(self.contract, (), self.spool, jobs=self.jobs, tell=say)
        made, failed = make_all(jobs)
        part.data = [{"id": each.id, "database": each.database, "rows": each.rows} for each in made]
        doubts = [Unverified(doubt) for doubt in doubts_about(jobs, made)]
        part.error = together([*failed, *doubts])

    def verify(self, part: Part) -> None:
        """Look at what is due this night."""
        store, listing = read_backups(self.contract, "", say)
        now = listing.read_at or SystemClock().now()
        part.data, problems = [], []
        for look in rota(listing, now, can_restore=_can_restore(listing, part)):
            job = VerifyJob(
                store=store,
                manifest=look.backup.manifest,
                level=look.level,
                by=whoever(),
                spool_root=self.spool.root,
                spool_limit_bytes=self.spool.limit_bytes,
                jobs=self.jobs or default_jobs(),
                tell=say,
            )
            try:
                record = verify_backup(job)
            except LifeboatError as error:
                problems.append(error)
                continue
            say(record_line(record))
            part.data.append(
                {
                    "id": record.backup_id,
                    "asked": record.asked.short,
                    "reached": None if record.reached is None else record.reached.short,
                    "problems": record.problems,
                }
            )
            problems += _problems(record, part)
        part.error = together(problems)

    def snapshot(self, part: Part) -> None:
        """Take a snapshot, and copy it."""
        taken = take_snapshot(snapshot_job(self.contract, say))
        part.data = {"snapshot": taken.name, "regions": list(taken.regions), "resumed": taken.resumed}

    def prune(self, part: Part) -> None:
        """Let go what is past its time."""
        age = timedelta(days=self.contract.backups.retention_days)
        retention = Retention(age=age, minimum=MINIMUM)
        pruned = prune_all(self.contract, retention, region="", do_it=True, tell=say)
        part.data = pruned.data
        part.error = together(pruned.problems)
        part.warnings += [f"not allowed to remove snapshot {name}" for name in pruned.not_allowed]

    def metrics(self, part: Part) -> None:
        """Say how old everything is, to the alarms and here."""
        stock = take_stock(self.contract, say)
        told = report_stock(self.contract, stock)
        part.data = {
            **stock.data(),
            "published": {each.region: list(each.names) for each in told if each.problem is None},
        }
        part.error = together([each.problem for each in told if each.problem is not None])
        if part.error is None and stock.findings():
            part.error = Findings("; ".join(stock.findings()))


def run_part(name: str, work: Callable[[Part], None]) -> Part:
    """Do one part and return what became of it; what it raises is said and kept."""
    part = Part(name)
    say(f"== {name}")
    try:
        work(part)
    except LifeboatError as error:
        part.error = error
    except Exception as error:  # a bug in one part must not cost the others their night
        traceback.print_exc(file=sys.stderr)
        part.is_bug = True
        part.error = LifeboatError(f"{type(error).__name__}: {error}")
    if part.error is not None:
        say(f"{name}: {part.error.message}")
    for line in part.warnings:
        say(f"{name}: warning: {line}")
    return part


def verdict(parts: tuple[Part, ...]) -> LifeboatError | None:
    """Return what a night means for the exit code.

    A bug stays one. All failed: the first one's. Some: 8. Only a value over its limit: 10.
    """
    failed = [part for part in parts if part.error is not None]
    if not failed:
        return None
    message = "; ".join(f"{part.name}: {part.error.message}" for part in failed if part.error)
    if any(part.is_bug for part in failed):
        return LifeboatError(message, hint="the traceback says where")
    errors = [part.error for part in failed if part.error]
    if all(isinstance(error, Findings) for error in errors):
        return Findings(message)
    if len(failed) == len(parts):
        return errors[0]
    return Unverified(message, hint="what did not fail was done; running it again does the rest")


def holder() -> str:
    """Return user, host and process."""
    return f"{whoever()} pid {os.getpid()}"


def _can_restore(listing: Listing, part: Part) -> bool:
    try:
        for major in sorted({each.manifest.server_major for each in listing.backups}):
            find_programs(major, SERVERS)
    except Refused as error:
        part.warnings.append(f"nothing is restored on trial here: {error.message}")
        return False
    return True


def _problems(record: VerificationRecord, part: Part) -> list[LifeboatError]:
    if record.problems:
        return [Unverified(f"{record.backup_id} is damaged: {'; '.join(record.problems)}")]
    if record.reached is None or record.reached < min(record.asked, Level.DECODES):
        return [Unverified(f"{record.backup_id}: {'; '.join(record.not_done)}")]
    if record.reached < record.asked:
        reasons = "; ".join(record.not_done)
        part.warnings.append(f"{record.backup_id} reached {record.reached.short}: {reasons}")
    return []
