"""An image run as a machine would run it: its own process, environment and lifeline."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from localcloud.fly.images.registry import command_of, resolve
from tests.waiting import soon


class RunningImage:
    """A process of an image; `port` is where it listens."""

    def __init__(self, reference: str, environment: dict[str, str]) -> None:
        image = resolve(reference)
        assert image is not None
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port: int = listener.getsockname()[1]
        self.process = subprocess.Popen(
            command_of(image),
            env={"PATH": os.environ["PATH"], "PORT": str(self.port), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=5, trust_env=False)

    def listens(self) -> bool:
        """Tell whether a connection is accepted."""
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def get(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return self.client.get(path)

    def status(self, path: str) -> int:
        """Return the status of a page."""
        return self.get(path).status_code

    def interrupt(self) -> None:
        """Send Fly's default stop signal."""
        self.process.send_signal(signal.SIGINT)

    def log(self) -> list[dict[str, Any]]:
        """Wait for the end, and return everything that was logged."""
        written, _ = self.process.communicate(timeout=10)
        return [json.loads(line) for line in written.splitlines()]


@contextmanager
def running(reference: str, **environment: str) -> Iterator[RunningImage]:
    """Run an image for as long as the block lasts; waits until it listens."""
    image = RunningImage(reference, environment)
    try:
        assert soon(lambda: image.process.poll() is not None or image.listens())
        yield image
    finally:
        image.client.close()
        image.process.kill()
        image.process.communicate()
