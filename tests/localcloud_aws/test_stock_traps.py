"""Stock moto still has the traps that the repairs are there for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.localcloud_aws.stock_process import TRAPS


@pytest.fixture(scope="module")
def answers() -> dict[str, bool]:
    command = [sys.executable, "-m", "tests.localcloud_aws.stock_process"]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert finished.returncode == 0, finished.stderr
    found: dict[str, bool] = json.loads(finished.stdout)
    return found


@pytest.mark.parametrize("trap", [trap.__name__.strip("_") for trap in TRAPS])
def test_stock_moto_still_has_the_trap(answers: dict[str, bool], trap: str) -> None:
    assert answers[trap] is True
