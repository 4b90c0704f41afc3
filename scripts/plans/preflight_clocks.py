"""Do the clocks agree? Of this machine, of AWS and of the database; pure.

The moment to restore is written on this machine, kept by AWS and compared inside the database. Durations are
measured on the monotonic clock and need no agreement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.engine.check import Check, Outcome
from scripts.observe.caller import Caller
from scripts.observe.clock_reading import ClockReading
from scripts.observe.unseen import Unseen

APART_S = 30.0
"""More than this is no doubt of a measurement any more, and less than what a signature of AWS tolerates."""
_OURS = ClockReading(whose="this machine", ahead_s=0.0, doubt_s=0.0)


def clock_check(callers: Mapping[str, Caller | Unseen], database: ClockReading | Unseen) -> Check:
    """Return the check.

    Args:
        callers: by region; each holds the region's clock.
        database: the server's clock; one that cannot be reached passes, for its primary may be what is lost.
    """
    of_aws = [caller.clock for caller in callers.values() if isinstance(caller, Caller)]
    readings = [*of_aws, database] if isinstance(database, ClockReading) else of_aws
    detail = "; ".join([*map(_words, readings), *_unseen(callers, database)])
    if _are_apart([_OURS, *readings]):
        return Check(name="clocks", outcome=Outcome.FAIL, detail=f"more than {APART_S:g} s apart: {detail}")
    outcome = Outcome.PASS if of_aws else Outcome.UNKNOWN
    return Check(name="clocks", outcome=outcome, detail=detail)


def _are_apart(readings: Sequence[ClockReading]) -> bool:
    return any(
        abs(one.ahead_s - other.ahead_s) - one.doubt_s - other.doubt_s > APART_S
        for number, one in enumerate(readings)
        for other in readings[:number]
    )


def _words(reading: ClockReading) -> str:
    side = "ahead" if reading.ahead_s >= 0 else "behind"
    return f"{reading.whose} is {abs(reading.ahead_s):.1f} s {side} (within {reading.doubt_s:.1f} s)"


def _unseen(callers: Mapping[str, Caller | Unseen], database: ClockReading | Unseen) -> list[str]:
    return [one.reason for one in (*callers.values(), database) if isinstance(one, Unseen)]
