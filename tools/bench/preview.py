"""What a preview costs: `local-production`, unchanged, against a program that declares nothing."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from tools.bench.figure import Command, Figure, interleaved_medians_s
from tools.scratch_project import CHECKOUT

STACK = "local-production"
MAX_RATIO = 4.0
MAX_PER_RESOURCE_MS = 15.0
_PROJECT = """\
name: empty
runtime:
  name: python
  options: {{toolchain: pip, virtualenv: {virtualenv}}}
"""


def measure_preview(project: Path, rounds: int) -> list[Figure]:
    """Time previews of a project's `local-production`, which is up, and of an empty program."""
    environment = _environment(project)
    with tempfile.TemporaryDirectory() as scratch:
        empty = _empty_program(Path(scratch), environment)
        full = Command(
            arguments=_preview("--expect-no-changes", "--stack", STACK),
            directory=project,
            environment=environment,
        )
        empty_s, full_s = interleaved_medians_s([empty, full], rounds=rounds)
    resources = _resource_count(project, environment)
    return [
        Figure(
            name="no-op preview of local-production to that of an empty program",
            value=full_s / empty_s,
            limit=MAX_RATIO,
            unit="x",
            detail=f"{full_s:.2f} s ({resources} resources) / {empty_s:.2f} s",
        ),
        Figure(
            name="marginal cost of a resource in a no-op preview",
            value=(full_s - empty_s) * 1000 / resources,
            limit=MAX_PER_RESOURCE_MS,
            unit="ms",
            detail=f"({full_s:.2f} s - {empty_s:.2f} s) / {resources}, imports and plugin start included",
        ),
    ]


def _environment(project: Path) -> dict[str, str]:
    script = f'eval "$("{CHECKOUT}/.venv/bin/lifeboat" env {STACK})" && env -0'
    printed = subprocess.run(
        ["sh", "-c", script], cwd=project, check=True, capture_output=True, text=True
    ).stdout
    return dict(entry.split("=", 1) for entry in printed.split("\0") if entry)


def _preview(*more: str) -> tuple[str, ...]:
    return ("pulumi", "preview", "--non-interactive", *more)


def _empty_program(directory: Path, environment: dict[str, str]) -> Command:
    (directory / "Pulumi.yaml").write_text(_PROJECT.format(virtualenv=CHECKOUT / ".venv"))
    (directory / "__main__.py").write_text("import pulumi\n")
    state = directory / "state"
    state.mkdir()
    own = {**environment, "PULUMI_BACKEND_URL": f"file://{state}", "PULUMI_STACK": "empty"}
    for arguments in (("stack", "init", "empty"), ("up", "--yes", "--skip-preview")):
        Command(
            arguments=("pulumi", "--non-interactive", *arguments), directory=directory, environment=own
        ).run()
    return Command(arguments=_preview("--stack", "empty"), directory=directory, environment=own)


def _resource_count(project: Path, environment: dict[str, str]) -> int:
    exported = subprocess.run(
        ["pulumi", "stack", "export", "--stack", STACK],
        cwd=project,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return len(json.loads(exported)["deployment"]["resources"])
