"""The life of one service: started, ready, died, started again a little later, given up.

Stands between `supervisor.py`, which asks it to move on many times a second, and `child.py`, which is one
process. A step never waits for the service.
"""

from __future__ import annotations

from datetime import datetime

from lifeboat.core.clock import Clock
from lifeboat.core.errors import ConfigError, Refused, Stuck
from localcloud.supervisor.child import Child
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.logfile import limit_log, log_tail
from localcloud.supervisor.probe import is_ready
from localcloud.supervisor.record import Failure, ServiceRecord, ServiceState
from localcloud.supervisor.service import Ports, Service

# What a service was given can never work: a damaged state, a port that is taken. Trying again would hide it.
FINAL_EXITS = (ConfigError.exit_code, Refused.exit_code)


class Watch:
    """Keeps one service running.

    Args:
        service: what to run.
        directory: where its files lie.
        ports: the ports it is told, the same at every start.
        clock: for the waits between starts.
    """

    def __init__(self, service: Service, directory: CloudDirectory, ports: Ports, clock: Clock) -> None:
        self.service = service
        self.state = ServiceState.STOPPED
        self.restarts = 0
        self.failure: Failure | None = None
        self._directory = directory
        self._log = directory.service_log(service.name)
        self._ports = ports
        self._clock = clock
        self._child: Child | None = None
        self._began_s = 0.0
        self._again_s = 0.0
        self._failed_s: list[float] = []
        self._ready_at: datetime | None = None
        self._last_exit: int | None = None

    def start(self) -> None:
        """Start the process; it is ready later."""
        limit_log(self._log)
        self._directory.port_file(self.service.name).unlink(missing_ok=True)
        self._began_s = self._clock.monotonic_s()
        self._ready_at = None
        self.state = ServiceState.STARTING
        self._child = Child(self.service.argv(self._directory, self._ports), self._log)

    def step(self) -> None:
        """Look at the process once and do what its state asks for."""
        if self.state is ServiceState.WAITING and self._clock.monotonic_s() >= self._again_s:
            self.restarts += 1
            self.start()
        if self._child is None:
            return
        limit_log(self._log)
        code = self._child.exit_code()
        if code is not None:
            self._died(code, f"ended with exit code {code}")
        elif self.state is ServiceState.STARTING:
            self._look_whether_ready()

    def ask_to_stop(self) -> None:
        """Ask the process to save and end; returns at once."""
        if self._child is not None:
            self._child.ask_to_stop()

    def stop(self) -> None:
        """Wait for the end that was asked for, and force it when it takes too long."""
        if self._child is not None:
            self._last_exit = self._child.stop(self.service.stop_timeout_s)
            self._child = None
        if self.state is not ServiceState.FAILED:
            self.state = ServiceState.STOPPED

    def record(self) -> ServiceRecord:
        """Return what is to be written down about the service."""
        identity = self._child.identity if self._child is not None else None
        return ServiceRecord(
            name=self.service.name,
            state=self.state,
            port=self._ports.own,
            doors=dict(self._ports.doors),
            health_path=self.service.health_path,
            pid=identity.pid if identity else None,
            created_s=identity.created_s if identity else None,
            restarts=self.restarts,
            ready_at=self._ready_at,
            last_exit=self._last_exit,
        )

    def _look_whether_ready(self) -> None:
        if is_ready(self._ports.own, self.service.health_path):
            self.state = ServiceState.READY
            self._ready_at = self._clock.now()
        elif self._child is not None and self._elapsed_s() > self.service.ready_timeout_s:
            self._died(self._child.stop(0.0), f"was not ready after {self.service.ready_timeout_s:g} s")

    def _died(self, code: int, what: str) -> None:
        was_ready = self.state is ServiceState.READY
        now_s = self._clock.monotonic_s()
        policy = self.service.restarts
        self._child = None
        self._last_exit = code
        self._failed_s = [at_s for at_s in self._failed_s if now_s - at_s < policy.deadline_s] + [now_s]
        decision = policy.decide(attempt=len(self._failed_s), elapsed_s=0.0, jitter=1.0)
        if code in FINAL_EXITS and not was_ready:
            self._give_up(f"cannot start: it {what}", code)
        elif decision.retry:
            self.state = ServiceState.WAITING
            self._again_s = now_s + decision.wait_s
        else:
            often = f"{len(self._failed_s)} times within {policy.deadline_s:g} s"
            self._give_up(f"failed {often}, the last time it {what}", Stuck.exit_code)

    def _give_up(self, what: str, exit_code: int) -> None:
        self.state = ServiceState.FAILED
        words = "".join(f"\n    {line}" for line in log_tail(self._log).splitlines())
        self.failure = Failure(
            message=f"the local cloud's service {self.service.name!r} {what}"
            + (f"; its last words were:{words}" if words else ""),
            hint=f"the whole log is {self._log}",
            exit_code=exit_code,
        )

    def _elapsed_s(self) -> float:
        return self._clock.monotonic_s() - self._began_s
