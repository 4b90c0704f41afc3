"""Fly's documented limits, on a clock that only moves when told to."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import httpx
import pytest

from lifeboat.core.clock import ManualClock
from localcloud.fly.api.dispatch import Match
from localcloud.fly.api.rate_limits import RateLimits
from localcloud.fly.api.route import Pace
from localcloud.fly.wire_error import WireError


def _match(machine: str = "m1", operation: str = "Machines_stop", app: str = "web") -> Match:
    return Match(operation_id=operation, route=None, path={"app_name": app, "machine_id": machine})


def _admitted(limits: RateLimits, pace: Pace, match: Match, *, tries: int, now_s: float) -> int:
    admitted = 0
    for _ in range(tries):
        with suppress(WireError):
            limits.take(pace, match, now_s)
            admitted += 1
    return admitted


@pytest.mark.parametrize(
    ("pace", "burst", "per_10_s"),
    [(Pace.MACHINE, 3, 10), (Pace.APP, 3, 10), (Pace.GET_MACHINE, 10, 50), (Pace.NONE, 99, 990)],
)
def test_a_burst_then_a_steady_rate(pace: Pace, burst: int, per_10_s: int) -> None:
    limits = RateLimits()
    assert _admitted(limits, pace, _match(), tries=99, now_s=0) == burst
    later = sum(_admitted(limits, pace, _match(), tries=99, now_s=step / 10) for step in range(1, 101))
    assert later in {per_10_s, 99 * 100 if pace is Pace.NONE else per_10_s}


def test_apps_are_deleted_at_most_100_a_minute_in_all() -> None:
    limits = RateLimits()
    deletions = [_match(operation="Apps_delete", app=f"app-{number}") for number in range(150)]
    admitted = sum(_admitted(limits, Pace.APP_DELETE, each, tries=1, now_s=0) for each in deletions)
    assert admitted == 100
    assert _admitted(limits, Pace.APP_DELETE, deletions[0], tries=9, now_s=0.6) == 1


def test_machines_and_actions_have_buckets_of_their_own() -> None:
    limits = RateLimits()
    for match in (_match("m1"), _match("m2"), _match("m1", "Machines_start")):
        assert _admitted(limits, Pace.MACHINE, match, tries=9, now_s=0) == 3


def test_creates_share_the_bucket_of_their_app() -> None:
    limits = RateLimits()
    assert _admitted(limits, Pace.APP, _match("m1"), tries=2, now_s=0) == 2
    assert _admitted(limits, Pace.APP, _match("m2"), tries=9, now_s=0) == 1


def test_a_refused_request_is_not_counted() -> None:
    limits = RateLimits()
    _admitted(limits, Pace.MACHINE, _match(), tries=1000, now_s=0)
    assert _admitted(limits, Pace.MACHINE, _match(), tries=9, now_s=1) == 1


def test_full_buckets_are_forgotten() -> None:
    limits = RateLimits()
    for number in range(20_000):
        limits.take(Pace.MACHINE, _match(f"m{number}"), number / 10)
    assert len(limits) <= 2048


def test_the_api_limits_and_the_emulated_clock_refills(
    client: httpx.Client, app_name: str, clock: ManualClock
) -> None:
    path = f"/v1/apps/{app_name}/machines/0123456789abcd/stop"
    assert [client.post(path).status_code for _ in range(4)] == [404, 404, 404, 429]
    answer = client.post(path)
    assert answer.json() == {"error": "rate limit exceeded"}
    assert "fly-request-id" in answer.headers
    clock.advance(timedelta(seconds=1))
    assert client.post(path).status_code == 404
