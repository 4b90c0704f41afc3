"""Whether an app is back is asked from outside; what that proves depends on what it was seen to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from lifeboat.core.clock import ManualClock
from lifeboat.core.errors import ConfigError, Unverified
from scripts.actions.app_answers import AppAnswers
from scripts.engine.context import Context
from scripts.engine.json_values import JsonObject
from scripts.engine.step import Effect
from scripts.observe.app_health import AppHealth
from tests.recovery.plans import MADE_AT, a_step

STEP = a_step(
    "answers",
    kind="app-answers",
    parameters={"hostname": "web.example.org", "path": "/health", "measured_by": "measure"},
    effect=Effect.READS,
)


@contextmanager
def app(status: int, seen: list[str]) -> Iterator[str]:
    """Serve one answer to every request, and note who was asked for what."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(f"{self.headers['Host']}{self.path}")
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def context(**measured: JsonObject | str) -> Context:
    clock = ManualClock(MADE_AT)
    return Context(
        step_id="answers",
        run_id="run-1",
        token=1,
        clock=clock,
        budget_s=60,
        began_s=clock.monotonic_s(),
        results={"measure": measured},
        guard=lambda: None,
        write_note=lambda _topic, _facts: None,
    )


def at(url: str) -> AppAnswers:
    environment = {"FLY_EDGE_URL": url, "FLY_FLAPS_BASE_URL": url}
    return AppAnswers(lambda: AppHealth.from_environment(environment))


def test_an_app_that_answers_and_writes_is_the_top_of_the_ladder() -> None:
    seen: list[str] = []
    with app(200, seen) as url:
        at(url).act(STEP, context())
        proven = at(url).verify(STEP, context(first_beat_at="2026-11-22T08:00:00Z"))
        weaker = at(url).verify(STEP, context(first_beat_at=""))
    assert (proven.passed, proven.level) == (True, 5)
    assert (weaker.passed, weaker.level) == (True, None)
    assert set(seen) == {"web.example.org/health"}


def test_an_app_that_answers_badly_or_not_at_all_is_asked_again_and_never_proven() -> None:
    with app(503, []) as url:
        with pytest.raises(Unverified, match="answers 503") as caught:
            at(url).act(STEP, context())
        assert caught.value.retryable
        assert at(url).verify(STEP, context(first_beat_at="x")).findings
    with pytest.raises(Unverified, match="ConnectError"):
        at(url).act(STEP, context())


@pytest.mark.parametrize(
    "environment",
    [
        {"FLY_EDGE_URL": "http://10.0.0.1", "FLY_FLAPS_BASE_URL": "http://127.0.0.1"},
        {"FLY_EDGE_URL": "http://127.0.0.1:1", "FLY_FLAPS_BASE_URL": "https://api.machines.dev"},
        {"FLY_EDGE_URL": "http://127.0.0.1:1"},
    ],
)
def test_a_local_edge_never_speaks_for_a_real_app(environment: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="only for the local Fly"):
        AppHealth.from_environment(environment)


def test_without_an_edge_the_app_is_asked_by_its_name() -> None:
    assert AppHealth.from_environment({"FLY_FLAPS_BASE_URL": "https://api.machines.dev"}).edge == ""
    assert "web.invalid/health" in AppHealth().refusal("web.invalid", "/health")
