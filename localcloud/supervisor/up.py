"""Start the local cloud, or join the one that runs, and hold it until it is settled that it stays.

While held, a cloud that this process started ends with it: on Ctrl-C, on an error, on `kill -9`, because the
supervisor's lifeline is in this process. `keep()` lets it live on. A cloud that was joined is claimed at once
and never ended here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lifeboat.core.clock import Clock, SystemClock
from localcloud.supervisor.ascent import Ascent
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.record import CloudRecord
from localcloud.supervisor.services import TABLE


class Hold:
    """A running cloud, whether this process started it, and then the lifeline it hangs on.

    A child that inherits the lifeline keeps the cloud alive until it has ended itself: an engine may still
    have to write down what it made there.
    """

    def __init__(self, directory: CloudDirectory, record: CloudRecord, lifeline: int | None) -> None:
        self.record = record
        self.started = lifeline is not None
        self.lifeline = lifeline
        self._directory = directory

    def keep(self) -> None:
        """Let the cloud live on after this process."""
        self._directory.claim.touch()


@contextmanager
def hold_cloud(
    directory: CloudDirectory,
    *,
    table: str = TABLE,
    timeout_s: float = 60.0,
    new_ports: bool = False,
    clock: Clock | None = None,
) -> Iterator[Hold]:
    """Start or join the cloud and wait until every service is ready.

    Args:
        directory: the cloud's directory.
        table: `module:attribute` of its services.
        timeout_s: bound of the whole start.
        new_ports: forget the ports of the last run; ignored by a join.
        clock: time.

    Yields:
        The cloud; it ends with the block unless it was joined or `keep()` was called.

    Raises:
        ConfigError: a port is taken, or a service refuses what it was given (a damaged saved state).
        Stuck: a service keeps failing, or the cloud was not ready in time.
        LeaseHeld: another process is starting or ending the cloud and does not come to an end.
    """
    directory.root.mkdir(parents=True, exist_ok=True)
    ascent = Ascent(directory, clock or SystemClock(), timeout_s)
    try:
        record = ascent.start_or_join(table, new_ports=new_ports)
        yield Hold(directory, record, ascent.lifeline)
    finally:
        ascent.let_go()
