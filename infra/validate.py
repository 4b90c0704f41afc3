"""`lifeboat validate`: is the environment data usable? Needs no cloud, no state and no Pulumi.

It does what the program does before it declares anything (load, build, check the invariants), for every
environment, and says everything that is wrong.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import click

from infra.config import known_environments, load
from infra.desired import build
from infra.desired.model import DesiredEnvironment
from lifeboat.core.envelope import failure, success
from lifeboat.core.errors import ConfigError
from lifeboat.core.identity import environment_of
from lifeboat.core.project import ENVIRONMENTS, find_project


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one environment.

    Args:
        environment: its name.
        counts: how many of each kind it asks for, empty when it cannot be used.
        error: why it cannot be used.
    """

    environment: str
    counts: dict[str, int]
    error: ConfigError | None

    @property
    def problems(self) -> list[str]:
        """Every problem, key path first."""
        return self.error.message.splitlines() if self.error else []

    def as_json(self) -> dict[str, object]:
        """Return the verdict for the envelope."""
        return {
            "environment": self.environment,
            "ok": self.error is None,
            "counts": self.counts,
            "problems": self.problems,
            "hint": self.error.hint if self.error else "",
        }


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENVIRONMENT]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON envelope.")
@click.pass_context
def validate(context: click.Context, environments: tuple[str, ...], as_json: bool) -> None:
    """Check environment data and its invariants; needs no cloud.

    Without ENVIRONMENT, every environment of the project is checked. Exit code 2 when any cannot be used.
    """
    directory = find_project(Path.cwd()) / ENVIRONMENTS
    verdicts = [judge(name, directory) for name in environments or environments_in(directory)]
    bad = [verdict.environment for verdict in verdicts if verdict.error]
    if as_json:
        click.echo(json.dumps(_envelope(verdicts, bad), indent=2))
    else:
        for verdict in verdicts:
            _show(verdict)
    if bad:
        context.exit(ConfigError.exit_code)


def environments_in(directory: Path) -> tuple[str, ...]:
    """Return the environments of a project; Pulumi keeps settings of local stacks beside their files.

    Raises:
        ConfigError: there is none.
    """
    names = tuple(name for name in known_environments(directory) if environment_of(name) == name)
    if not names:
        raise ConfigError(
            f"{directory.name}: no Pulumi.<environment>.yaml in it",
            hint="environments/ is part of the project",
        )
    return names


def judge(environment: str, directory: Path) -> Verdict:
    """Load and build one environment."""
    try:
        desired = build(load(environment, directory))
    except ConfigError as error:
        return Verdict(environment=environment, counts={}, error=error)
    return Verdict(environment=environment, counts=_counts(desired), error=None)


def _counts(desired: DesiredEnvironment) -> dict[str, int]:
    return {
        "databases": len(desired.databases),
        "buckets": len(desired.buckets),
        "secrets": len(desired.secrets),
        "alarms": len(desired.alarms) + len(desired.composites),
        "roles": len(desired.roles),
    }


def _show(verdict: Verdict) -> None:
    if verdict.error is None:
        counted = ", ".join(f"{number} {noun}" for noun, number in verdict.counts.items())
        click.echo(f"{verdict.environment}: ok, {counted}")
        return
    problems = verdict.problems
    click.echo(f"{verdict.environment}: {len(problems)} problem{'s' if len(problems) > 1 else ''}")
    for problem in problems:
        click.echo(f"  {problem}")
    if verdict.error.hint:
        click.echo(f"  hint: {verdict.error.hint}", err=True)


def _envelope(verdicts: list[Verdict], bad: list[str]) -> dict[str, object]:
    data = [verdict.as_json() for verdict in verdicts]
    if not bad:
        return success("validate", data)
    error = ConfigError(f"{len(bad)} of {len(verdicts)} environments cannot be used: {', '.join(bad)}")
    return failure("validate", error, data=data)
