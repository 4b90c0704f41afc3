"""One project per test file, ended and looked after when the file is done."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest

from tests.integration.project import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Yield a project; afterwards no process may be left that was started in it."""
    made = Project.make(tmp_path_factory.mktemp("project"))
    yield made
    made.lifeboat("down")
    left = [process.cmdline() for process in psutil.process_iter() if _belongs_to(process, made)]
    assert left == []


def _belongs_to(process: psutil.Process, project: Project) -> bool:
    try:
        return any(str(project.directory) in part for part in process.cmdline())
    except psutil.Error:
        return False
