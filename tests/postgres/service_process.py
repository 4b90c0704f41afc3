"""The databases' service in a process of its own, driven as its supervisor drives it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from localcloud.postgres.leftovers import end_leftovers
from tests.waiting import soon


class ServiceProcess:
    """One service; every start of it uses the same files and, once it has one, the same port."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data = directory / "databases"
        self.state_file = directory / "databases.state"
        self._port_file = directory / "databases.port"
        self.log_file = directory / "databases.log"
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> ServiceProcess:
        """Start it and wait until it is ready."""
        self._port_file.unlink(missing_ok=True)
        command = [sys.executable, "-m", "localcloud.postgres", "--lifeline", "--port", str(self._port)]
        command += ["--archive-interval-s", "1"]
        command += ["--port-file", str(self._port_file), "--state-file", str(self.state_file)]
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--directory", str(self.data)], stdin=subprocess.PIPE, stderr=log
            )
        assert soon(self._port_file.exists, 30), self.log_file.read_text()
        self._port = int(self._port_file.read_text())
        assert soon(lambda: bool(self.health()["ready"]), 30), self.log_file.read_text()
        return self

    def health(self) -> dict[str, Any]:
        """Return what its admin API says of it."""
        return dict(httpx.get(f"{self.url}/_lifeboat/health", timeout=30).json())

    def terminate(self) -> int:
        """Ask it to end and return its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._ended()

    def end_lifeline(self) -> int:
        """Close its standard input and return its exit code."""
        return self._ended()

    def kill(self) -> None:
        """End it without warning; its servers live on."""
        assert self._process is not None
        self._process.kill()
        self._ended()

    def close(self) -> None:
        """Make sure that nothing of it is left."""
        if self._process is not None and self._process.returncode is None:
            self.end_lifeline()
        end_leftovers(self.data)

    def _ended(self) -> int:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._process.wait(30)
