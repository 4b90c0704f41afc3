"""The parts of a night, in order; one that fails does not keep the others from their turn."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

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
from scripts.cli.backup_part import Part
from scripts.cli.backup_places import SpoolOptions, backup_jobs, read_backups, whoever
from scripts.cli.backup_pruning import prune_all
from scripts.cli.backup_rds import snapshot_job
from scripts.cli.backup_steps import doubts_about, make_all, say, together
from scripts.cli.backup_stock import report_stock, take_stock
from scripts.cli.backup_view import record_line
from scripts.engine.objects import StoreUnavailable

MINIMUM = 3


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
                record = _climbed(job, part)
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


def _climbed(job: VerifyJob, part: Part) -> VerificationRecord:
    """Verify; where there is no room for a restore, decode at least."""
    try:
        return verify_backup(job)
    except Refused as error:
        if job.level <= Level.DECODES or isinstance(error, StoreUnavailable):
            raise
        part.warnings.append(f"{job.manifest.id} is not restored here: {error.message}")
        return verify_backup(replace(job, level=Level.DECODES))


def _problems(record: VerificationRecord, part: Part) -> list[LifeboatError]:
    if record.problems:
        return [Unverified(f"{record.backup_id} is damaged: {'; '.join(record.problems)}")]
    if record.reached is None or record.reached < min(record.asked, Level.DECODES):
        return [Unverified(f"{record.backup_id}: {'; '.join(record.not_done)}")]
    if record.reached < record.asked:
        reasons = "; ".join(record.not_done)
        part.warnings.append(f"{record.backup_id} reached {record.reached.short}: {reasons}")
    return []
