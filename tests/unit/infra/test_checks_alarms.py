"""Alarms that could not fire, or that nobody would hear, are refused."""

import pytest

from tests.unit.infra.texts import changed, problems_of

THRESHOLD = {"warning": 10, "critical": 20, "unit": "percent"}


def refused(path: str, value: object) -> list[str]:
    return problems_of(changed("production", (path, value)))


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (
            "database.cpu",
            {"warning": 70, "critical": 60, "unit": "percent"},
            "critical: must be greater than warning (70)",
        ),
        (
            "database.cpu",
            {"warning": 70, "critical": 70, "unit": "percent"},
            "critical: must be greater than warning (70)",
        ),
        (
            "database.free_storage",
            {"warning": 10, "critical": 20, "unit": "percent"},
            "critical: must be less than warning (10)",
        ),
        ("app.cpu", {"unit": "percent"}, "needs warning, critical or both"),
        ("app.cpu", {"critical": 85, "unit": "ms"}, "unit: must be one of percent for this metric"),
        ("app.cpu", {"critical": 850, "unit": "percent"}, "critical: must be at most 100 percent"),
        ("app.response_time", {"critical": -1, "unit": "ms"}, "critical: must not be negative"),
        (
            "database.replica_lag",
            {"critical": 61, "unit": "min"},
            "critical: must be at most objectives.rpo_minutes (60 min)",
        ),
        (
            "recovery.restore_duration",
            {"critical": 31, "unit": "min", "for_minutes": 60},
            "critical: must be at most objectives.rto_minutes (30 min)",
        ),
        (
            "recovery.backup_age",
            {"critical": 24, "unit": "h", "for_minutes": 60},
            "critical: must be greater than the time between two backups (24 h)",
        ),
        (
            "recovery.restore_test_age",
            {"warning": 35, "unit": "d", "for_minutes": 5},
            "for_minutes: must be at least 60, the time between two values",
        ),
        (
            "custom.verify_errors",
            {"critical": 1, "unit": "percent"},
            "statistic: is missing; only lifeboat's own metrics have a usual one",
        ),
    ],
)
def test_a_threshold_must_be_able_to_say_something(path: str, value: dict[str, object], line: str) -> None:
    separator = " " if line.startswith("needs") else "."
    expected = f"alarms.{path}: {line}" if separator == " " else f"alarms.{path}.{line}"
    assert refused(f"alarms.{path}", value) == [expected]


def test_a_custom_metric_may_not_take_the_name_of_one_of_ours() -> None:
    custom = {"critical": 1, "unit": "percent", "statistic": "Average"}
    assert refused("alarms.custom.error_rate", custom) == [
        "alarms.custom.error_rate: is lifeboat's own metric; write it as alarms.app.error_rate"
    ]


def test_alarms_on_what_is_not_there_are_refused() -> None:
    text = changed(
        "template-app",
        ("alarms.database.cpu", THRESHOLD),
        ("alarms.recovery.recoverable_age", {"critical": 1, "unit": "h"}),
    )
    assert problems_of(text, "template-app") == [
        "alarms.database.cpu: watches nothing: there is no database",
        "alarms.recovery.recoverable_age: watches nothing: there is no database",
    ]
    assert problems_of(
        changed("staging", ("alarms.database.replica_lag", {"critical": 9, "unit": "s"})), "staging"
    ) == ["alarms.database.replica_lag: watches nothing: database.recovery_tier is not replica"]
    assert problems_of(
        changed("prep", ("alarms.database.cpu_credits", {"warning": 9, "unit": "count"})), "prep"
    ) == ["alarms.database.cpu_credits: watches nothing: db.m7g.large has no credits"]


@pytest.mark.parametrize(
    ("route", "lines"),
    [
        ({"via": "email"}, ["address: is missing; email needs it"]),
        ({"via": "slack"}, ["url_secret: is missing; slack needs it"]),
        (
            {"via": "https", "url_secret": "pagerduty-adress"},
            ["url_secret: no secret 'pagerduty-adress' in secrets; did you mean 'pagerduty-address'?"],
        ),
        (
            {"via": "https", "url_secret": "pagerduty-address", "address": "a@b.io"},
            ["address: means nothing for https"],
        ),
    ],
)
def test_a_route_needs_what_its_kind_needs(route: dict[str, str], lines: list[str]) -> None:
    assert refused("alarms.routing.warning", [route]) == [
        f"alarms.routing.warning[0].{line}" for line in lines
    ]


def test_the_same_route_twice_is_refused() -> None:
    route = {"via": "email", "address": "a@b.io"}
    assert refused("alarms.routing.warning", [route, route]) == ["alarms.routing.warning[1]: is there twice"]
