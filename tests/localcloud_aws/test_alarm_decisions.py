"""The pure parts of the alarms: missing data, N of M, statistics, rules, metric math."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from localcloud.aws.alarms.decision import Condition, State, decide
from localcloud.aws.alarms.metric_math import UnsupportedExpression, check_expression, evaluate_expression
from localcloud.aws.alarms.rule import RuleError, parse_rule
from localcloud.aws.alarms.series import Datum, values_by_period

BAD, FINE, GONE = 2.0, 0.0, None
NOW = datetime(2026, 1, 1, 12, 0, 30, tzinfo=UTC)
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")


def _states(values: tuple[float | None, ...], needed: int) -> tuple[str, ...]:
    return tuple(
        decide(
            values,
            Condition(
                comparison="GreaterThanThreshold",
                threshold=1,
                evaluation_periods=3,
                datapoints_to_alarm=needed,
                treat_missing=treatment,
            ),
            State("INSUFFICIENT_DATA"),
        ).state.value
        for treatment in TREATMENTS
    )


KEPT = "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("newest_first", "expected"),
    [
        ((BAD, GONE, BAD, GONE, FINE), ("OK", "OK", "OK", "OK")),
        ((GONE, GONE, GONE, GONE, FINE), ("OK", "OK", "OK", "OK")),
        ((GONE, GONE, GONE, GONE, GONE), ("INSUFFICIENT_DATA", KEPT, "ALARM", "OK")),
        ((BAD, GONE, BAD, BAD, FINE), ("ALARM", "ALARM", "ALARM", "ALARM")),
        ((GONE, GONE, BAD, GONE, GONE), ("ALARM", KEPT, "ALARM", "OK")),
    ],
)
def test_three_of_three_follows_the_table_of_the_user_guide(
    newest_first: tuple[float | None, ...], expected: tuple[str, ...]
) -> None:
    assert _states(newest_first, needed=3) == expected


@pytest.mark.parametrize(
    ("newest_first", "expected"),
    [
        ((BAD, GONE, BAD, GONE, FINE), ("ALARM", "ALARM", "ALARM", "ALARM")),
        ((BAD, FINE, BAD, FINE, FINE), ("ALARM", "ALARM", "ALARM", "ALARM")),
        ((GONE, GONE, BAD, GONE, FINE), ("OK", "OK", "ALARM", "OK")),
        ((FINE, GONE, GONE, GONE, GONE), ("OK", "OK", "ALARM", "OK")),
        ((BAD, GONE, GONE, GONE, GONE), ("ALARM", KEPT, "ALARM", "OK")),
    ],
)
def test_two_of_three_follows_the_table_of_the_user_guide(
    newest_first: tuple[float | None, ...], expected: tuple[str, ...]
) -> None:
    assert _states(newest_first, needed=2) == expected


def _datum(seconds_ago: float, value: float) -> Datum:
    at = NOW - timedelta(seconds=seconds_ago)
    return Datum(at=at, total=value, lowest=value, highest=value, count=1, is_single=True)


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [("Sum", 9.0), ("Average", 3.0), ("Minimum", 1.0), ("Maximum", 5.0), ("SampleCount", 3.0), ("p50", 3.0)],
)
def test_a_period_has_its_statistic_and_an_empty_one_none(statistic: str, expected: float) -> None:
    data = [_datum(1, 1.0), _datum(2, 3.0), _datum(3, 5.0)]
    assert values_by_period(data, statistic=statistic, period_s=60, periods=2, now=NOW) == (expected, None)


def test_a_running_period_without_data_does_not_count_as_missing() -> None:
    assert values_by_period([_datum(45, 7.0)], statistic="Sum", period_s=60, periods=1, now=NOW) == (7.0,)


def test_rules_know_not_and_or_parentheses_and_both_kinds_of_names() -> None:
    rule, children = parse_rule(
        '(ALARM("a b") OR ALARM(c)) AND NOT OK(arn:aws:cloudwatch:r:1:alarm:d) AND TRUE'
    )
    states = {"a b": State.OK, "c": State.ALARM, "arn:aws:cloudwatch:r:1:alarm:d": State.ALARM}
    assert rule(states.__getitem__) is True
    assert children == ("a b", "c", "arn:aws:cloudwatch:r:1:alarm:d")
    assert rule({**states, "c": State.OK}.__getitem__) is False


@pytest.mark.parametrize("text", ["", "ALARM(", "ALARM(a) b", "BROKEN(a)", "ALARM(a) AND", '("'])
def test_a_broken_rule_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        parse_rule(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 * errors / requests", 5.0),
        ("errors / idle", None),
        ("FILL(absent, 0) + 1", 1.0),
        ("absent + 1", None),
        ("IF(requests > 10, errors, 0)", 2.0),
        ("-errors", -2.0),
    ],
)
def test_metric_math_computes_or_has_no_value(text: str, expected: float | None) -> None:
    check_expression(text)
    values = {"errors": 2.0, "requests": 40.0, "idle": 0.0, "absent": None}
    assert evaluate_expression(text, values) == expected


@pytest.mark.parametrize(
    "text", ["ANOMALY_DETECTION_BAND(m1)", "SEARCH('x')", "m1.real", "__import__('os')", "1 +"]
)
def test_metric_math_beyond_that_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedExpression):
        check_expression(text)
