"""What a preview costs: `local-production`, unchanged, against a program that declares nothing."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

from tools.bench.figure import Command, Figure, interleaved_medians_s

ROOT = Path(__file__).resolve().parents[2]
STACK = "local-production"
MAX_RATIO = 4.0
MAX_PER_RESOURCE_MS = 15.0
_PROJECT = """\
name: empty
runtime:
  name: python
  options: {{toolchain: pip, virtualenv: {virtualenv}}}
"""


def measure_preview(rounds: int) -> list[Figure]:
    """Bring `local-production` up when it is not, then time previews of it and of an empty program."""
    subprocess.run([ROOT / ".venv/bin/lifeboat", "up", "production"], check=True, stdout=subprocess.DEVNULL)
    from localcloud.stack import exports

    environment = {**os.environ, **exports(STACK)}
    with tempfile.TemporaryDirectory() as scratch:
        empty = _empty_program(Path(scratch), environment)
        full = Command(
            arguments=_preview("--expect-no-changes", "--stack", STACK),
            directory=ROOT,
            environment=environment,
        )
        empty_s, full_s = interleaved_medians_s([empty, full], rounds=rounds)
    resources = _resource_count(environment)
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


def _preview(*more: str) -> tuple[str, ...]:
    return ("pulumi", "preview", "--non-interactive", *more)


def _empty_program(directory: Path, environment: dict[str, str]) -> Command:
    (directory / "Pulumi.yaml").write_text(_PROJECT.format(virtualenv=ROOT / ".venv"))
    (directory / "__main__.py").write_text("import pulumi\n")
    state = directory / "state"
    state.mkdir()
    own = {**environment, "PULUMI_BACKEND_URL": f"file://{state}", "PULUMI_STACK": "empty"}
    for arguments in (("stack", "init", "empty"), ("up", "--yes", "--skip-preview")):
        Command(
            arguments=("pulumi", "--non-interactive", *arguments), directory=directory, environment=own
        ).run()
    return Command(arguments=_preview("--stack", "empty"), directory=directory, environment=own)


def _resource_count(environment: dict[str, str]) -> int:
    exported = subprocess.run(
        ["pulumi", "stack", "export", "--stack", STACK],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return len(json.loads(exported)["deployment"]["resources"])
