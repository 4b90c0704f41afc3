"""One attempt to get a running cloud, from looking for a supervisor to its last service being ready.

Used by `up.py` only. Of several attempts at once one starts the supervisor (the start lock decides) and the
others meet it; every wait is bounded by the attempt's deadline.
"""

from __future__ import annotations

import subprocess
import sys

from filelock import FileLock, Timeout

from lifeboat.core.clock import Clock
from lifeboat.core.errors import BRANCHES, LeaseHeld, LifeboatError, Stuck
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.logfile import log_tail
from localcloud.supervisor.record import CloudRecord, CloudState, Failure, ServiceState, read_record

POLL_S = 0.05
LOCK_TIMEOUT_S = 30.0
END_TIMEOUT_S = 30.0


class Ascent:
    """One attempt.

    Args:
        directory: the cloud's directory, which exists.
        clock: time.
        timeout_s: bound of the attempt.
    """

    def __init__(self, directory: CloudDirectory, clock: Clock, timeout_s: float) -> None:
        self._directory = directory
        self._clock = clock
        self._timeout_s = timeout_s
        self._deadline_s = clock.monotonic_s() + timeout_s
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def has_started(self) -> bool:
        """Tell whether this attempt started the supervisor, rather than meeting one."""
        return self._process is not None

    @property
    def lifeline(self) -> int | None:
        """Return the descriptor whose last holder's end ends the cloud; None when it was joined."""
        if self._process is None or self._process.stdin is None:
            return None
        return self._process.stdin.fileno()

    def start_or_join(self, table: str, *, new_ports: bool) -> CloudRecord:
        """Return the record of a cloud whose services are all ready.

        Args:
            table: `module:attribute` of the services to start.
            new_ports: forget the ports of the last run.
        """
        while True:
            record = self._living_record(table, new_ports=new_ports)
            if not self.has_started:
                self._directory.claim.touch()
            settled = self._wait_until_settled(record)
            if settled is not None:
                return settled

    def let_go(self) -> None:
        """Cut the lifeline and, unless somebody claimed the cloud, wait for its end."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        deadline_s = self._clock.monotonic_s() + END_TIMEOUT_S
        while process.poll() is None and not self._directory.claim.exists():
            if self._clock.monotonic_s() > deadline_s:
                process.kill()
            self._clock.sleep(POLL_S)
        if process.returncode is None:
            # It lives on and is no longer this process's to wait for; without this Python would warn.
            process.returncode = 0

    def _living_record(self, table: str, *, new_ports: bool) -> CloudRecord:
        """Return the record of a living supervisor, starting one when there is none."""
        try:
            with FileLock(self._directory.start_lock, timeout=LOCK_TIMEOUT_S):
                record = read_record(self._directory.record)
                if record is not None and record.identity().is_alive():
                    self._process = None
                    return record
                self._process = self._spawn(table, new_ports=new_ports)
                return self._first_record(self._process)
        except Timeout as error:
            raise LeaseHeld(
                "another process is starting or ending the local cloud",
                hint="look at `lifeboat status` and try again",
                retryable=True,
            ) from error

    def _spawn(self, table: str, *, new_ports: bool) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "localcloud.supervisor", "run", "--lifeline", "--table", table]
        command += ["--directory", str(self._directory.root), *(["--new-ports"] if new_ports else [])]
        with self._directory.log.open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Not the caller's: its directory may hold modules that shadow ours, and may go away.
                cwd=self._directory.root,
                start_new_session=True,
            )

    def _first_record(self, process: subprocess.Popen[bytes]) -> CloudRecord:
        while True:
            record = read_record(self._directory.record)
            if record is not None and record.pid == process.pid:
                return record
            if process.poll() is not None:
                raise Stuck(
                    f"the local cloud's supervisor ended at once:\n{log_tail(self._directory.log)}",
                    hint=f"the whole log is {self._directory.log}",
                )
            self._pause("its supervisor did not come up")

    def _wait_until_settled(self, record: CloudRecord) -> CloudRecord | None:
        """Return the record once all is ready, None when the supervisor that was met is going away."""
        identity = record.identity()
        while True:
            # Whether it lives is asked before it is read, so that its last words are not missed.
            alive = identity.is_alive()
            now = read_record(self._directory.record)
            if now is None or now.pid != identity.pid:
                return None
            if self.has_started:
                self._refuse_failure(now, alive=alive)
            if not alive:
                return None
            if _is_ready(now):
                return now
            self._pause(_what_is_missing(now))

    def _refuse_failure(self, record: CloudRecord, *, alive: bool) -> None:
        if record.failure is not None:
            raise _error_of(record.failure)
        if not alive:
            raise Stuck(
                f"the local cloud's supervisor ended while it was {record.state}",
                hint=f"somebody ended it, or its log {self._directory.log} says why",
                retryable=True,
            )

    def _pause(self, waiting_for: str) -> None:
        if self._clock.monotonic_s() > self._deadline_s:
            raise Stuck(
                f"the local cloud was not ready after {self._timeout_s:g} s: {waiting_for}",
                hint=f"its logs are in {self._directory.root}",
                retryable=True,
            )
        self._clock.sleep(POLL_S)


def _error_of(failure: Failure) -> LifeboatError:
    branch = next((each for each in BRANCHES if each.exit_code == failure.exit_code), Stuck)
    return branch(failure.message, hint=failure.hint)


def _is_ready(record: CloudRecord) -> bool:
    ready = all(service.state is ServiceState.READY for service in record.services)
    return ready and record.state is CloudState.RUNNING


def _what_is_missing(record: CloudRecord) -> str:
    late = [
        f"{service.name} is {service.state}"
        for service in record.services
        if service.state is not ServiceState.READY
    ]
    return ", ".join(late) or f"it is {record.state}"
