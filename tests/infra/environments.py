"""The environments of this checkout, run through the real program or a variation of its data."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.__main__ import main
from infra.config.load import parse_environment
from infra.desired import build
from infra.desired.model import DesiredEnvironment
from infra.outputs import export
from infra.resources.declare import declare
from infra.resources.sdk import declare_provider
from infra.validate import environments_in
from lifeboat.core.identity import PROJECT
from lifeboat.core.project import ENVIRONMENTS, find_project
from tests.infra.recording import Recording, record

ROOT = find_project(Path(__file__).parent)
EVERY = environments_in(ROOT / ENVIRONMENTS)
# With `--dist loadgroup` the tests of an environment share a worker, and so its recording.
EACH = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in EVERY]
Data = dict[str, Any]


@cache
def recorded(environment: str) -> Recording:
    """Return what the real program registers for an environment's own stack."""
    return record(main, stack=environment, root=ROOT)


def desired(environment: str, change: Callable[[Data], None] = lambda _: None) -> DesiredEnvironment:
    """Return the desired model of an environment, its data changed first.

    Args:
        environment: its name.
        change: edits the sections of the file, `data["topology"]["primary_region"] = …`.
    """
    file = yaml.safe_load((ROOT / ENVIRONMENTS / f"Pulumi.{environment}.yaml").read_text())
    data = {key.removeprefix(f"{PROJECT}:"): value for key, value in file["config"].items()}
    change(data)
    text = yaml.safe_dump({"config": {f"{PROJECT}:{key}": value for key, value in data.items()}})
    return build(parse_environment(text, environment, "changed data"))


def recorded_of(model: DesiredEnvironment, *, stack: str = "changed", preview: bool = False) -> Recording:
    """Return what the program registers for a desired model."""

    def program() -> None:
        export(model, declare(model, declare_provider(model)), stack)

    return record(program, stack=stack, preview=preview)


@cache
def swapped(environment: str) -> Recording:
    """Return what the program registers for an environment once its regions have changed roles."""
    return recorded_of(desired(environment, swap_regions), stack=environment)


def swap_regions(data: Data) -> None:
    """Make the recovery region the primary one, as the reconcile step of a failover does."""
    topology = data["topology"]
    (topology["primary_region"],) = set(topology["regions"]) - {topology["primary_region"]}
