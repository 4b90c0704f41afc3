"""Runs `pg_restore` into a database over verified TLS, and looks after it: may it go on, is the copy held?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from psycopg.conninfo import make_conninfo

from lifeboat.core.errors import StepFailed
from scripts.actions.backup_child import child_environment
from scripts.actions.backup_hold import hold_backup
from scripts.actions.backup_programs import find_programs
from scripts.actions.backup_relay import TlsRelay
from scripts.actions.backup_running import RunningProgram
from scripts.actions.load_job import LoadJob
from scripts.actions.load_server import server_session
from scripts.engine.objects import StoreUnavailable

HELD = timedelta(hours=24)
_RENEW_S = 1800.0
_ASK_S = 1.0
# For the sessions that load: none of it outlives them. Only the commit of the mark has to reach the disk, and
# it takes everything before it there.
_SESSION = "-c synchronous_commit=off -c maintenance_work_mem=256MB -c statement_timeout=0"


def restore_dump(job: LoadJob, database: str, directory: Path) -> None:
    """Restore the decoded files of a copy into a database with `pg_restore`, several tables at once.

    Raises:
        StepFailed: it failed; retryable when the way to the server broke.
    """
    login = job.login
    with TlsRelay(login.address, login.port, login.tls()) as relay:
        environment = child_environment(relay.directory, login.user, login.password, database)
        environment["PGOPTIONS"] = _SESSION
        # Nothing restored may follow what the original followed.
        options = ["--exit-on-error", f"--jobs={job.jobs}", "--no-password", "--no-subscriptions"]
        programs = find_programs(_server_major(job, database))
        where = f"--dbname={make_conninfo(dbname=database)}"
        program = RunningProgram(
            [programs.path("pg_restore"), *options, where, directory],
            environment,
            directory.with_name("restore.said"),
        )
        try:
            program.wait(_Watch(job).look, job.clock)
        except StepFailed as error:
            said = f" ({relay.problems[-1]})" if relay.problems else ""
            message = f"{job.manifest.id} does not load: {error.message}{said}"
            raise StepFailed(message, retryable=bool(relay.problems)) from error


def _server_major(job: LoadJob, database: str) -> int:
    with server_session(job.login, database) as connection:
        return connection.info.server_version // 10000


class _Watch:
    """Looks after a load while its program runs: may it go on, and is the copy still held?"""

    def __init__(self, job: LoadJob) -> None:
        self._job = job
        self._renewed_s = self._asked_s = job.clock.monotonic_s()

    def look(self) -> None:
        """Look once.

        Raises:
            LifeboatError: the load must stop.
        """
        now_s = self._job.clock.monotonic_s()
        if now_s - self._asked_s >= _ASK_S:
            self._asked_s = now_s
            self._job.checkpoint()
        if now_s - self._renewed_s < _RENEW_S:
            return
        self._renewed_s = now_s
        try:
            hold_backup(self._job.store, self._job.manifest, self._job.loaded_by, HELD)
        except StoreUnavailable:
            # The hold lasts for hours yet; the copy was read to its end before the load began.
            return
