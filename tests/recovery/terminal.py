"""One operator's machine: a checkout of its own, an empty home, and real processes of the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scripts.engine.plan import Plan
from tests.recovery.pulumi_stand_in import lay_pulumi
from tests.recovery.restore_site import RestoreSite
from tests.recovery.state_file import lay_state

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended: its exit code, its envelope when it gave one, and what it said."""

    exit_code: int
    envelope: Any
    said: str


class Terminal:
    """A machine that has the project and nothing else.

    Args:
        directory: of the machine; must not exist.
        variables: what its processes find in their environment.
    """

    def __init__(self, directory: Path, variables: Mapping[str, str]) -> None:
        self.project = directory / "project"
        (self.project / "environments").mkdir(parents=True)
        (self.project / "Pulumi.yaml").write_text("name: lifeboat\nruntime: python\n")
        home = directory / "home"
        home.mkdir()
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        self._variables = {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT), **variables}

    def declare(self, config: Mapping[str, object], stack: str = "production") -> None:
        """Write the data of an environment down."""
        file = self.project / "environments" / f"Pulumi.{stack}.yaml"
        file.write_text(yaml.safe_dump({"config": dict(config)}))

    def keep_plan(self, plan: Plan) -> None:
        """Lay a plan where the command keeps those that were reviewed."""
        plans = self.project / ".lifeboat" / "plans"
        plans.mkdir(parents=True, exist_ok=True)
        (plans / f"{plan.digest}.json").write_bytes(plan.to_bytes())

    def begin(self, *arguments: str, module: str = "scripts.cli.main") -> subprocess.Popen[bytes]:
        """Start a process."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments, "--stack", "production", "--json"],
            cwd=self.project,
            env=self._variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def do(self, *arguments: str) -> Ended:
        """Start a process and wait until it has ended."""
        return ended(self.begin(*arguments))

    def asked(self, *arguments: str) -> Any:
        """Return the data of a command that has to succeed."""
        got = self.do(*arguments)
        assert got.exit_code == 0, got
        return got.envelope["data"]


def ended(process: subprocess.Popen[bytes]) -> Ended:
    """Wait until a process has ended."""
    out, err = process.communicate(timeout=WITHIN_S)
    envelope = json.loads(out) if out.strip() else None
    return Ended(exit_code=process.returncode, envelope=envelope, said=err.decode())


def terminal_at(site: RestoreSite, directory: Path, cloud: str = "") -> Terminal:
    """Return a machine at an environment.

    Args:
        site: the environment; its manifest has to be published.
        directory: of the machine.
        cloud: another way to its cloud than the direct one.
    """
    terminal = Terminal(
        directory,
        {
            "AWS_ENDPOINT_URL": cloud or site.cloud.aws.url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "PGSSLROOTCERT": site.hands.authority,
            # The state is everybody's, as the cloud is.
            "PULUMI_BACKEND_URL": lay_state(
                site.directory / "state", database=site.described["DbiResourceId"]
            ),
            "PATH": f"{lay_pulumi(site.directory / 'bin')}{os.pathsep}{os.environ['PATH']}",
        },
    )
    regions = site.contract.topology
    config = {
        "lifeboat:topology": {"regions": list(regions.regions), "primary_region": regions.primary_region},
        "lifeboat:backups": {"bucket_suffix": "x"},
        "lifeboat:product": "paintbox",
    }
    terminal.declare(config)
    return terminal
