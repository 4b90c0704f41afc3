"""The two places where the emulated Fly runs for these tests: in this process, and in its own over HTTP.

In both, time jumps when the client sleeps, so that pacing, retries and waits cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from localcloud.fly.admin import PREFIX, Admin
from localcloud.fly.emulator import Emulator
from localcloud.fly.machines.process_runner import ProcessRunner
from localcloud.fly.seed import initial_records
from tests.contract.skipping_clock import SkippingClock
from tests.fly_emulator.fly_process import FlyProcess
from tests.fly_emulator.in_process import InProcessTransport
from tests.waiting import processes_at

ORGANIZATIONS = tuple(f"contract-{number}" for number in range(200))


class Lent(httpx.BaseTransport):
    """A transport that outlives the clients it is lent to."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on."""
        return self._inner.handle_request(request)


@dataclass(slots=True, kw_only=True)
class Place:
    """A running emulator.

    Args:
        url: its address.
        clock: what its clients must run on.
        transport: how to get there; None for the network.
        files: what it keeps and writes: its log and its state.
    """

    url: str
    clock: SkippingClock
    transport: httpx.BaseTransport | None = None
    files: tuple[Path, ...] = ()
    _organizations: Iterator[str] = field(default_factory=lambda: iter(ORGANIZATIONS))

    def organization(self) -> str:
        """Return one that no other test has."""
        return next(self._organizations)

    def way(self) -> httpx.BaseTransport | None:
        """Return a transport for one more client."""
        return Lent(self.transport) if self.transport else None


@contextmanager
def in_process(directory: Path) -> Iterator[Place]:
    """Run the emulator in this process, machines with real processes."""
    clock = SkippingClock()
    runner = ProcessRunner(directory)
    records = initial_records("lifeboat", ORGANIZATIONS)
    emulator = Emulator(directory, clock, runner=runner, records=records)
    emulator.mount(PREFIX, Admin(emulator))
    with InProcessTransport(emulator.app) as transport:
        try:
            yield Place(url="http://localhost", clock=clock, transport=transport)
        finally:
            transport.portal.call(emulator.life.close)
            assert processes_at(str(directory)) == []


@contextmanager
def over_http(directory: Path) -> Iterator[Place]:
    """Run the emulator as its own process on a free port; it ends with the block, and with us."""
    options = [part for slug in ORGANIZATIONS for part in ("--org", slug)]
    process = FlyProcess(directory, "--port", "0", "--proxy-port", "0", "--lifeline", *options)
    try:
        process.wait_until_ready()
        with httpx.Client(base_url=process.url, trust_env=False) as admin:

            def jump(seconds: float) -> None:
                answer = admin.post(f"{PREFIX}clock", json={"advance_s": seconds})
                answer.raise_for_status()

            files = (process.log, process.state_file)
            yield Place(url=process.url, clock=SkippingClock(jump), files=files)
    finally:
        assert process.stop() == 0, process.log.read_text()
        assert processes_at(str(directory)) == []
