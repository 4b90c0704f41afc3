"""Can the recovery log in? One check for every secret that opens the database; pure."""

from __future__ import annotations

from collections.abc import Sequence

from lifeboat.core.contract import Topology
from scripts.engine.check import Check, Outcome
from scripts.observe.secret_reach import Reach, SecretReach


def secret_checks(topology: Topology, reached: Sequence[SecretReach]) -> tuple[Check, ...]:
    """Return a check for every secret.

    A value that is readable somewhere passes. It passes with a warning when the recovery region alone would
    not do: the next loss of the other region would then lock everybody out.

    Args:
        topology: the regions.
        reached: every secret in every region.
    """
    keys = dict.fromkeys(one.key for one in reached)
    return tuple(_check(topology, key, [one for one in reached if one.key == key]) for key in keys)


def _check(topology: Topology, key: str, reached: Sequence[SecretReach]) -> Check:
    by_region = {one.region: one for one in reached}
    name = f"secret-{key}"
    readable = [one.region for one in reached if one.reach is Reach.READABLE]
    words = "; ".join(one.words for one in reached)
    if not readable:
        nobody = all(one.reach is Reach.NO_ANSWER for one in reached)
        outcome = Outcome.UNKNOWN if nobody else Outcome.FAIL
        return Check(name=name, outcome=outcome, detail=f"no region that answers has a value: {words}")
    away = by_region[topology.recovery_region]
    return Check(
        name=name,
        outcome=Outcome.PASS,
        detail=f"readable in {' and '.join(readable)}",
        warning="" if away.reach is Reach.READABLE else _warning(topology, away),
    )


def _warning(topology: Topology, away: SecretReach) -> str:
    if away.reach is Reach.NO_ANSWER:
        return f"whether the recovery region alone would do cannot be told ({away.words})"
    return f"not without {topology.primary_region}: {away.words}"
