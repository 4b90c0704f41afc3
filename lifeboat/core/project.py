"""Where the project is: the nearest folder that holds Pulumi.yaml, as Pulumi itself looks for it."""

from __future__ import annotations

from pathlib import Path

from lifeboat.core.errors import ConfigError

PROJECT_FILE = "Pulumi.yaml"
ENVIRONMENTS = "environments"
RUNTIME = ".lifeboat"


def find_project(start: Path) -> Path:
    """Return `start` or its nearest parent that holds Pulumi.yaml.

    Raises:
        ConfigError: there is none up to the root of the file system.
    """
    start = start.absolute()
    for directory in (start, *start.parents):
        if (directory / PROJECT_FILE).is_file():
            return directory
    raise ConfigError(
        f"no {PROJECT_FILE} in {start} or above it", hint="run this inside the project's checkout"
    )
