"""The emulated Fly as its own process, started and ended by a test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from localcloud.fly.tokens import LOCAL_TOKEN
from tests.waiting import soon


class FlyProcess:
    """One process; its state, ports and log lie in `directory`.

    Args:
        directory: where everything lies.
        options: further command-line options.
    """

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        self.state_file = directory / "fly.state"
        self.log = directory / "fly.log"
        self._port_file = directory / "port"
        self._proxy_port_file = directory / "proxy-port"
        self._port_file.unlink(missing_ok=True)
        files = {
            "--port-file": self._port_file,
            "--proxy-port-file": self._proxy_port_file,
            "--state-file": self.state_file,
        }
        command = [sys.executable, "-m", "localcloud.fly", *options]
        for name, path in files.items():
            command += [name, str(path)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)

    def wait_until_ready(self) -> FlyProcess:
        """Wait until it answers."""
        assert soon(lambda: self._port_file.exists() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()
        return self

    @property
    def url(self) -> str:
        """Address of the APIs."""
        return f"http://127.0.0.1:{self._port_file.read_text().strip()}"

    @property
    def proxy_port(self) -> int:
        """Port of the edge."""
        return int(self._proxy_port_file.read_text())

    def client(self) -> httpx.Client:
        """Return a client with the operator's token; close it."""
        return httpx.Client(base_url=self.url, headers={"Authorization": LOCAL_TOKEN}, trust_env=False)

    def admin(self, method: str, name: str, body: object = None) -> Any:
        """Send an admin request and return what it answers."""
        answer = httpx.request(method, f"{self.url}/_lifeboat/{name}", json=body, trust_env=False)
        answer.raise_for_status()
        return answer.json()

    def stop(self) -> int:
        """End it in good order and return its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.end()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.end()

    def end(self) -> int:
        """Wait for its end and return its exit code."""
        code = self.process.wait(timeout=20)
        if self.process.stdin is not None:
            self.process.stdin.close()
        return code
