"""What holds for every test of the project."""

from __future__ import annotations

import signal

import pytest


def pytest_configure(config: pytest.Config) -> None:  # pytest's signature
    """Listen to SIGINT, and let every process a test starts do so.

    A shell starts background jobs with SIGINT ignored, and what is ignored is inherited: a run of the whole
    suite in the background could then interrupt nothing.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
