"""Two packs to spoil, of different runs, and a place to put what was spoilt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.forging import Files
from tests.evidence.runs import aborted, finished


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return dict(finished(tmp_path_factory.mktemp("site")).files)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return dict(aborted(tmp_path_factory.mktemp("other")).files)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("place") / "pack.zip"
