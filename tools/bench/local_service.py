"""One service of the local cloud by itself, started for a measurement and ended with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lifeboat.core.clock import SystemClock

_START_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalService:
    """A running service.

    Args:
        url: where it answers.
        pid: its process.
    """

    url: str
    pid: int


@contextmanager
def local_service(module: str, directory: Path, options: Mapping[str, object]) -> Iterator[LocalService]:
    """Run `python -m MODULE` on a free port for as long as the block lasts.

    Args:
        module: such as `localcloud.fly`.
        directory: where it keeps its port file and state.
        options: its other options by flag.

    Raises:
        RuntimeError: it does not come up.
    """
    directory.mkdir(exist_ok=True)
    port_file = directory / "port"
    given = {"--port": 0, "--port-file": port_file, "--state-file": directory / "state", **options}
    command = [sys.executable, "-m", module, "--lifeline"]
    command += [str(part) for option in given.items() for part in option]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        try:
            yield LocalService(url=f"http://127.0.0.1:{_port(port_file, module)}", pid=process.pid)
        finally:
            process.terminate()


def _port(file: Path, module: str) -> str:
    clock = SystemClock()
    deadline_s = clock.monotonic_s() + _START_S
    while not file.exists():
        if clock.monotonic_s() > deadline_s:
            msg = f"{module} did not come up"
            raise RuntimeError(msg)
        clock.sleep(0.05)
    return file.read_text().strip()
