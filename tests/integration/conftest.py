"""One project per test file, ended and looked after when the file is done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.project import Project
from tests.waiting import processes_at


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Yield a project; afterwards no process may be left that was started in it."""
    made = Project.make(tmp_path_factory.mktemp("checkout"))
    yield made
    made.lifeboat("down")
    assert processes_at(str(made.directory)) == []
