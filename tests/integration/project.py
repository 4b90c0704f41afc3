"""A project of its own for a test: this checkout's program, its own copy of the data, its own local cloud."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.scratch_project import CHECKOUT, lay_out_project

_TIMEOUT_S = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A folder with Pulumi.yaml and environments/, and the commands run in it as a person would.

    Args:
        directory: the folder.
        transcript: everything the commands printed so far.
    """

    directory: Path
    transcript: list[str] = field(default_factory=list)

    @classmethod
    def make(cls, directory: Path) -> Project:
        """Lay out a project that runs this checkout's program on its own data."""
        lay_out_project(directory)
        return cls(directory=directory)

    def lifeboat(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run the lifeboat command; the caller looks at the exit code."""
        return self._run([str(CHECKOUT / ".venv/bin/lifeboat"), *arguments], dict(os.environ), stdin)

    def succeed(self, *arguments: str, stdin: str = "") -> str:
        """Run the lifeboat command, demand exit code 0, and return what it printed on stdout."""
        done = self.lifeboat(*arguments, stdin=stdin)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def pulumi(self, stack: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the plain pulumi command with the exports of `lifeboat env`."""
        command = ["pulumi", "--non-interactive", *arguments, "--stack", stack]
        return self._run(command, self.environment(stack), "")

    def with_exports(self, stack: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the lifeboat command with the exports of `lifeboat env`, as recoveries are."""
        return self._run([str(CHECKOUT / ".venv/bin/lifeboat"), *arguments], self.environment(stack), "")

    def environment(self, stack: str) -> dict[str, str]:
        """Return what a shell has after `eval "$(lifeboat env STACK)"`."""
        script = f'eval "$("{CHECKOUT}/.venv/bin/lifeboat" env {stack})" && env -0'
        printed = subprocess.run(
            ["sh", "-c", script], cwd=self.directory, check=True, capture_output=True, text=True
        ).stdout
        return dict(entry.split("=", 1) for entry in printed.split("\0") if entry)

    def preview(self, stack: str) -> dict[str, Any]:
        """Return the JSON of a preview."""
        done = self.pulumi(stack, "preview", "--json")
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def changed_steps(self, stack: str) -> list[tuple[str, str]]:
        """Return operation and type of every step of a preview that is not `same`."""
        return [
            (step["op"], step["urn"].split("::")[2].split("$")[-1])
            for step in self.preview(stack)["steps"]
            if step["op"] not in {"same", "read"}
        ]

    def contract(self, stack: str) -> dict[str, Any]:
        """Return what the environment publishes."""
        printed = self.succeed("outputs", "-s", stack, "--json")
        document: dict[str, Any] = json.loads(printed)["data"]["contract"]
        return document

    def up(self, environment: str) -> dict[str, Any]:
        """Bring an environment up and return what the command says of it."""
        data: dict[str, Any] = json.loads(self.succeed("up", environment, "--json"))["data"]
        return data

    def data_file(self, environment: str) -> Path:
        """Return the file that holds an environment's data."""
        return self.directory / "environments" / f"Pulumi.{environment}.yaml"

    def change(self, environment: str, old: str, new: str) -> None:
        """Edit an environment's data; the old text must be there."""
        path = self.data_file(environment)
        before = path.read_text()
        assert old in before
        path.write_text(before.replace(old, new))

    def _run(
        self, command: list[str], environment: dict[str, str], stdin: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.directory,
            env=environment,
            input=stdin,
            check=False,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
        )
        self.transcript.extend((done.stdout, done.stderr))
        return done
