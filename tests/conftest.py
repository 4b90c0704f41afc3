"""What holds for every test of the project."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

# gRPC's fork handlers run between the fork and the exec of every child and log to the child's standard error.
# No process of ours forks to go on using gRPC. Read by gRPC when it is first imported.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "false"

# In memory where there is plenty: to make the thousand files of a database server, hundreds of times, takes a
# disk several times as long.
_MEMORY = Path("/dev/shm")  # noqa: S108  # what lies there is made by tempfile
_PLENTY_BYTES = 8 * 1024**3
if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _PLENTY_BYTES:
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None


def pytest_configure(config: pytest.Config) -> None:  # pytest's signature
    """Listen to SIGINT, and let every process a test starts do so.

    A shell starts background jobs with SIGINT ignored, and what is ignored is inherited: a run of the whole
    suite in the background could then interrupt nothing.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; otherwise one process ends the run alone with them."""
    items.sort(key=lambda item: "/integration/" not in str(item.path))
