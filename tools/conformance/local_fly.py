"""An emulated Fly of its own process and directory, flyctl pointed at it, and a look at its world.

flyctl gets nothing of our environment: its own home, no telemetry, and addresses on loopback only.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import StepFailed
from localcloud.fly.tokens import LOCAL_TOKEN

_START_S = 30.0
_LONGEST_COMMAND_S = 240.0
_QUIET = {
    "FLY_SEND_METRICS": "0",
    "FLY_SYNTHETICS_AGENT": "0",
    "FLY_NO_UPDATE_CHECK": "1",
    "FLY_NO_INCIDENTS_CHECK": "1",
    "NO_COLOR": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended: its exit code, both outputs together, and seconds."""

    code: int
    output: str
    took_s: float


class World:
    """What the emulator says exists, over REST."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, headers={"Authorization": LOCAL_TOKEN}, trust_env=False)

    def get(self, path: str) -> Any:  # noqa: ANN401  # JSON
        """Return the body of a GET below `/v1`, None when there is nothing."""
        answer = self._client.get(f"/v1/{path}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        answer.raise_for_status()
        return answer.json()

    def machines(self, app: str) -> list[dict[str, Any]]:
        """Return the machines of an app that are there to stay, by region and id."""
        found = self.get(f"apps/{app}/machines") or []
        kept = [one for one in found if one["state"] not in {"destroying", "destroyed"}]
        return sorted(kept, key=lambda one: (one["region"], one["id"]))

    def volumes(self, app: str) -> list[dict[str, Any]]:
        """Return the volumes of an app that were not destroyed."""
        return [one for one in self.get(f"apps/{app}/volumes") or [] if one["state"] != "pending_destroy"]

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


class Flyctl:
    """The program under test.

    Args:
        program: where it lies.
        url: the emulator's address.
        home: its home and configuration, fresh for each run.
    """

    def __init__(self, program: Path, url: str, home: Path) -> None:
        self._program = program
        self._home = home
        self._clock = SystemClock()
        names = ("FLY_API_BASE_URL", "FLY_FLAPS_BASE_URL", "FLY_UIEX_BASE_URL")
        self._environment = {
            **_QUIET,
            **dict.fromkeys(names, url),
            "FLY_API_TOKEN": LOCAL_TOKEN,
            "FLY_CONFIG_DIR": str(home),
            "HOME": str(home),
        }

    def run(self, *arguments: str) -> Ran:
        """Run a command without a terminal; one that hangs is ended and has code 124."""
        begun_s = self._clock.monotonic_s()
        try:
            done = subprocess.run(
                [str(self._program), *arguments],
                cwd=self._home,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_LONGEST_COMMAND_S,
                check=False,
            )
            code, raw = done.returncode, done.stdout
        except subprocess.TimeoutExpired as error:
            code, raw = 124, error.output or b""
        took_s = self._clock.monotonic_s() - begun_s
        return Ran(code=code, output=raw.decode(errors="replace"), took_s=took_s)


@contextmanager
def local_fly(directory: Path) -> Iterator[str]:
    """Run an emulator and yield its address; it is ended at the end, and its machines with it.

    Raises:
        StepFailed: it did not come up.
    """
    port_file = directory / "port"
    command = [sys.executable, "-m", "localcloud.fly", "--lifeline", "--port-file", str(port_file)]
    command += ["--state-file", str(directory / "fly.state")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        _await_file(port_file, process)
        yield f"http://127.0.0.1:{port_file.read_text().strip()}"
    finally:
        process.terminate()
        process.communicate()


def _await_file(port_file: Path, process: subprocess.Popen[bytes]) -> None:
    clock = SystemClock()
    ends_s = clock.monotonic_s() + _START_S
    while not port_file.exists():
        if process.poll() is not None or clock.monotonic_s() > ends_s:
            raise StepFailed("the emulated Fly did not come up", hint="see its words above")
        clock.sleep(0.05)
