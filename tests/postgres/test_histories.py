"""Drawn histories; `LIFEBOAT_HISTORIES=50` runs fifty seeds of each kind instead of two."""

from __future__ import annotations

import os

import pytest

from tests.postgres.databases import Databases
from tests.postgres.histories import failed_over, promoted_after_fencing, restored_to_moments

SEEDS = range(int(os.environ.get("LIFEBOAT_HISTORIES", "2")))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_restore_returns_exactly_what_was_acknowledged_before_its_moment(
    databases: Databases, seed: int
) -> None:
    restored_to_moments(databases, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_promotion_after_fencing_loses_only_what_the_lag_said(databases: Databases, seed: int) -> None:
    promoted_after_fencing(databases, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_failover_loses_nothing_acknowledged(databases: Databases, seed: int) -> None:
    failed_over(databases, seed)
