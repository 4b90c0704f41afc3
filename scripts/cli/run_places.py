"""Where this machine keeps its copies of the journals."""

from __future__ import annotations

from pathlib import Path

from lifeboat.core.project import RUNTIME, find_project


def local_runs() -> Path:
    """Return the directory of the local copies, below the project's runtime directory.

    Raises:
        ConfigError: not inside a project.
    """
    return find_project(Path.cwd()) / RUNTIME / "runs"
