"""Real processes of a restore are killed with signal 9; a fresh one with an empty directory ends the run.

The boundaries are all requests that change something, before and after each; a run without a death counts
them. `make test` tries an even spread, `make soak` all.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.recovery.boundaries import boundaries_of
from tests.recovery.killed_restore import KilledRestores
from tests.recovery.restore_site import restore_site

WHOLE_S = 4 * 3600


@pytest.fixture(scope="module")
def restores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KilledRestores]:
    with restore_site(tmp_path_factory.mktemp("site")) as site:
        yield KilledRestores(site, tmp_path_factory.mktemp("machines"))


@pytest.mark.fault("F44")
@pytest.mark.fault("F45")
@pytest.mark.timeout(WHOLE_S)
@pytest.mark.parametrize("into", ["beside", ""], ids=["beside", "swap"])
def test_killed_at_a_boundary_another_machine_ends_it_with_nothing_made_twice(
    restores: KilledRestores, into: str
) -> None:
    names = restores.uninterrupted(into)
    assert len(names) > 30
    for boundary in boundaries_of(names):
        # Shown when it fails.
        print(f"killed {boundary}", flush=True)  # noqa: T201
        restores.killed(into, boundary)
