"""A project of its own in a scratch folder: this checkout's program, its own copy of the data, its own cloud.

Benchmarks and integration tests work in one, so that they neither meet nor change the user's local stacks.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import yaml

from lifeboat.core.project import ENVIRONMENTS, PROJECT_FILE

CHECKOUT = Path(__file__).resolve().parent.parent


def lay_out_project(directory: Path) -> None:
    """Write Pulumi.yaml and environments/ into an existing, empty folder."""
    settings = yaml.safe_load((CHECKOUT / PROJECT_FILE).read_text())
    settings["main"] = os.path.relpath(CHECKOUT / "infra", directory)
    settings["runtime"]["options"]["virtualenv"] = str(CHECKOUT / ".venv")
    for plugin in settings["plugins"]["providers"]:
        plugin["path"] = os.path.relpath(CHECKOUT / plugin["path"], directory)
    (directory / PROJECT_FILE).write_text(yaml.safe_dump(settings))
    ignored = shutil.ignore_patterns("*.local-*")
    shutil.copytree(CHECKOUT / ENVIRONMENTS, directory / ENVIRONMENTS, ignore=ignored)
