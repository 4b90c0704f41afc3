"""What state the values of an alarm's periods mean; pure.

Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data" and its two tables: a
few periods more than asked for are looked at, the newest existing values are taken, and only when there are
fewer than the evaluation periods does the treatment of missing data decide.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

EXTRA_PERIODS = 2
"""How many periods beyond the evaluation periods are looked at for existing values."""


class State(StrEnum):
    """The states of an alarm."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a metric alarm breaches.

    Args:
        datapoints_to_alarm: how many of `evaluation_periods` values must breach (N of M).
        treat_missing: `missing`, `ignore`, `breaching` or `notBreaching`.
    """

    comparison: str
    threshold: float
    evaluation_periods: int
    datapoints_to_alarm: int
    treat_missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The state that follows, and why."""

    state: State
    reason: str


_COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
COMPARISONS = frozenset(_COMPARISONS)
"""The comparison operators that are evaluated; those of anomaly detection are not."""


def decide(values: tuple[float | None, ...], condition: Condition, current: State) -> Verdict:
    """Return the state for values of consecutive periods, newest first.

    Args:
        values: of `evaluation_periods + EXTRA_PERIODS` periods; None is missing.
        condition: when the alarm breaches.
        current: the state that `ignore` keeps.
    """
    compare, words = _COMPARISONS[condition.comparison]
    existing = [value for value in values if value is not None][: condition.evaluation_periods]
    breaching = [value for value in existing if compare(value, condition.threshold)]
    lacking = condition.evaluation_periods - len(existing)
    state = _state(len(existing), len(breaching), lacking, condition, current)
    seen = ", ".join(f"{value:g}" for value in existing) or "no datapoints"
    reason = (
        f"{len(breaching)} of {len(existing)} datapoints [{seen}] {words} the threshold "
        f"({condition.threshold:g}); {lacking} missing, treated as [{condition.treat_missing}]; "
        f"{condition.datapoints_to_alarm} of {condition.evaluation_periods} are needed"
    )
    return Verdict(state=state, reason=reason)


def _state(existing: int, breaching: int, lacking: int, condition: Condition, current: State) -> State:
    needed = condition.datapoints_to_alarm
    if breaching >= needed:
        return State.ALARM
    if condition.treat_missing == "breaching":
        return State.ALARM if breaching + lacking >= needed else State.OK
    if condition.treat_missing == "notBreaching" or not lacking or breaching < existing:
        return State.OK
    # What exists breaches, or nothing exists, and there is less than was asked for.
    if condition.treat_missing == "ignore":
        return current
    return State.ALARM if existing else State.INSUFFICIENT_DATA
