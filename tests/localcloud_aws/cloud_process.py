"""A local AWS cloud in a process of its own, driven as its supervisor and its clients drive it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.config import Config

from lifeboat.core.clock import SystemClock

CLOCK = SystemClock()


class CloudProcess:
    """One local cloud; `stop` ends it by its lifeline, as the supervisor's death would."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.port_file = directory / "port"
        self.state_file = directory / "state"
        self.log_file = directory / "log"
        command = [sys.executable, "-m", "localcloud.aws", "--lifeline", *options]
        command += ["--port-file", str(self.port_file), "--state-file", str(self.state_file)]
        self._clients: dict[tuple[object, ...], Any] = {}
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=log)

    def wait_until_ready(self) -> CloudProcess:
        """Wait for the port file; fail with the log when the process ends instead."""
        for _ in range(400):
            if self.port_file.exists():
                return self
            if self.process.poll() is not None:
                break
            CLOCK.sleep(0.05)
        raise AssertionError(f"the local cloud did not start: {self.log_file.read_text()}")

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port_file.read_text().strip()}"

    def client(self, service: str, region: str = "us-west-2", **overrides: str) -> Any:
        """A boto3 client that does not retry; made once, for that is what takes its time."""
        known = (service, region, *sorted(overrides.items()))
        if known not in self._clients:
            config = Config(retries={"total_max_attempts": 1}, read_timeout=60, connect_timeout=5)
            self._clients[known] = self.new_client(service, region, config, **overrides)
        return self._clients[known]

    def new_client(self, service: str, region: str, config: Config, **overrides: str) -> Any:
        """A boto3 client of one's own."""
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local", **overrides}
        return boto3.client(service, region_name=region, endpoint_url=self.url, config=config, **keys)

    def admin(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        """Ask the admin API and return its JSON."""
        answer = httpx.request(method, f"{self.url}/_lifeboat/{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def advance(self, seconds: float) -> None:
        """Move its clock."""
        self.admin("POST", "clock", {"advance_s": seconds})

    def end_lifeline(self) -> int:
        """Close its standard input and return its exit code."""
        assert self.process.stdin is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()
        return self.process.wait(timeout=30)

    def stop(self) -> None:
        """Make sure that it is gone."""
        self.end_lifeline()
