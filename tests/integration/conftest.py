"""One project per test file, ended and looked after when the file is done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.project import Project
from tests.postgres.databases import open_directory
from tests.waiting import processes_at


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    """Yield a project; afterwards no process may be left that was started in it."""
    # pytest's own directories are closed to the account that runs PostgreSQL for root.
    with open_directory() as directory:
        made = Project.make(directory)
        yield made
        made.lifeboat("down")
        assert processes_at(str(made.directory)) == []
