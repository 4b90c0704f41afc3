"""What the tests of the language host share: an executor that records, and a host that runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.running_host import RunningHost, running_host

# Stands where pulumi-language-python-exec does: writes down how it was called, then runs the test's program.
_RECORDER = """
import json, os, runpy, sys
with open(os.environ["RECORD"], "w") as file:
    json.dump({"arguments": sys.argv[1:], "environment": dict(os.environ), "directory": os.getcwd()}, file)
runpy.run_path(os.environ["PROGRAM"], run_name="__main__")
"""


@pytest.fixture
def executor(tmp_path: Path) -> Path:
    """An executor that records its arguments and environment in record.json and runs program.py."""
    path = tmp_path / "recorder.py"
    path.write_text(
        _RECORDER.replace('os.environ["RECORD"]', repr(str(tmp_path / "record.json"))).replace(
            'os.environ["PROGRAM"]', repr(str(tmp_path / "program.py"))
        )
    )
    return path


@pytest.fixture
def host(executor: Path) -> Iterator[RunningHost]:
    """A host that must end quietly once its engine is gone."""
    with running_host(executor) as running:
        yield running
        if running.process.poll() is None:
            assert running.end()[::2] == (0, "")
