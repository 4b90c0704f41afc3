"""`python -m tools.engine` as a process of its own, on a machine that a test describes."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lifeboat.core.clock import SystemClock

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PATH = "/usr/bin:/bin"
TIMEOUT_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A cache directory, the directories on PATH, and where releases are looked for (nowhere by default)."""

    directory: Path
    on_path: tuple[Path, ...] = ()
    releases: str = ""
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def engines(self) -> Path:
        """Where the bootstrap keeps engines."""
        return self.directory / "cache" / "lifeboat" / "engine"

    def environment(self) -> dict[str, str]:
        """Return everything the bootstrap sees of this machine."""
        return {
            "PATH": ":".join((*map(str, self.on_path), SYSTEM_PATH)),
            "HOME": str(self.directory),
            "XDG_CACHE_HOME": str(self.directory / "cache"),
            "LIFEBOAT_PULUMI_RELEASES": self.releases,
            **self.variables,
        }

    def run(self) -> subprocess.CompletedProcess[str]:
        """Run the bootstrap to its end."""
        with self.running() as process:
            output, errors = process.communicate(timeout=TIMEOUT_S)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[str]]:
        """Give the running bootstrap; it is killed when the block ends before it does."""
        with (
            closed_port() as nowhere,
            subprocess.Popen(
                [sys.executable, "-m", "tools.engine"],
                cwd=ROOT,
                env={**self.environment(), "LIFEBOAT_PULUMI_RELEASES": self.releases or nowhere},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ) as process,
        ):
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)

    def entries(self) -> set[str]:
        """Return the kinds of what lies in the cache, without the hashes in their names."""
        return {path.name.partition("-")[0] for path in self.engines.iterdir()}


@contextmanager
def closed_port() -> Iterator[str]:
    """Give an address of this machine where nobody answers; it is kept from others for as long as needed."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def wait_until(path: Path, timeout_s: float = TIMEOUT_S) -> None:
    """Wait until a file exists."""
    clock = SystemClock()
    end_s = clock.monotonic_s() + timeout_s
    while not path.exists():
        assert clock.monotonic_s() < end_s, f"{path} did not appear"
        clock.sleep(0.02)
