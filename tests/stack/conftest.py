"""Each test has a checkout of its own, with its own cloud, and leaves no process behind."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import LifeboatError
from localcloud.commands.setting import Setting
from localcloud.stack.home import LocalHome
from localcloud.stack.settings import shared_salt
from localcloud.supervisor.down import end_cloud
from tests.waiting import processes_at, soon

ROOT = Path(__file__).resolve().parents[2]
CLOCK = SystemClock()
SALT = shared_salt(LocalHome(ROOT))
PULUMI_YAML = f"""name: lifeboat
main: infra
stackConfigDir: environments
runtime: {{name: python, options: {{toolchain: pip, virtualenv: {sys.prefix}}}}}
"""
LOCAL_YAML = f"""# a comment that stays
encryptionsalt: {SALT}
config:
  lifeboat:topology: {{regions: [us-west-1, us-east-2]}}
"""


def make_checkout(directory: Path) -> LocalHome:
    """Make a checkout with two environments; a blank in its path, because checkouts have them."""
    project = directory / "a checkout"
    (project / "environments").mkdir(parents=True)
    (project / "infra").mkdir()
    (project / "Pulumi.yaml").write_text(PULUMI_YAML)
    (project / "environments" / "Pulumi.local.yaml").write_text(LOCAL_YAML)
    (project / "environments" / "Pulumi.production.yaml").write_text("config: {}\n")
    return LocalHome(project)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[LocalHome]:
    checkout = make_checkout(tmp_path)
    yield checkout
    end_cloud(checkout.cloud)
    assert soon(lambda: not processes_of(checkout)), processes_of(checkout)


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def data(self) -> Any:
        """Return the data of the envelope that was printed."""
        return json.loads(self.stdout)["data"]


def run_command(command: click.Command, setting: Setting, *arguments: str) -> Ran:
    """Run a command as the entry point does, with its errors turned into exit codes."""
    result = CliRunner().invoke(command, list(arguments), obj=setting, standalone_mode=False)
    error = result.exception
    if isinstance(error, LifeboatError):
        return Ran(error.exit_code, result.stdout, f"{result.stderr}{error}")
    if error is not None:
        raise error
    code = result.return_value if isinstance(result.return_value, int) else 0
    return Ran(code, result.stdout, result.stderr)


def lifeboat(home: LocalHome, *arguments: str) -> subprocess.Popen[str]:
    """Start the real command in a checkout, as a terminal would."""
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.cli.main", *arguments],
        cwd=home.project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> Ran:
    """Wait for a command; one that hangs is ended and told with what it said."""
    try:
        stdout, stderr = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        pytest.fail(f"{process.args!r} hangs; it said: {process.communicate()}")
    return Ran(process.returncode, stdout, stderr)


def processes_of(home: LocalHome) -> list[str]:
    """Return the command lines of living processes that work in a checkout."""
    return processes_at(str(home.project))
