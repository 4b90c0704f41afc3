"""How images end: in order when told to, and always when their parent is gone."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from tests.fly_images.running_image import running
from tests.postgres_server import PostgresServer
from tests.waiting import soon


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("image", ["demo", "lifeboat-hang", "lifeboat-unhealthy"])
def test_a_stop_signal_ends_it_with_exit_code_0(image: str, number: signal.Signals) -> None:
    with running(image) as machine:
        machine.process.send_signal(number)
        assert [line["event"] for line in machine.log()] == ["start", "stop"]
        assert machine.process.returncode == 0


@pytest.mark.parametrize("image", ["demo", "lifeboat-hang", "lifeboat-unhealthy"])
def test_it_ends_when_its_lifeline_closes(image: str) -> None:
    with running(image) as machine:
        assert machine.process.stdin is not None
        machine.process.stdin.close()
        machine.process.stdin = None
        assert machine.process.wait(5) == 0


def test_a_socket_as_standard_input_is_a_lifeline_too() -> None:
    ours, theirs = socket.socketpair()
    with (
        ours,
        subprocess.Popen(
            [sys.executable, "-P", "-m", "localcloud.fly.images.hang"],
            env={"PORT": "0"},
            stdin=theirs.fileno(),
        ) as machine,
    ):
        theirs.close()
        ours.close()
        assert machine.wait(5) == 0


def test_a_running_request_is_finished_and_new_ones_are_refused(postgres: PostgresServer) -> None:
    with (
        running("demo", DATABASE_URL=postgres.url) as demo,
        psycopg.connect(postgres.url) as blocker,
        ThreadPoolExecutor(1) as elsewhere,
    ):
        assert demo.status("/write") == 200
        blocker.execute("lock table lifeboat_write in access exclusive mode")
        writing = elsewhere.submit(demo.get, "/write?id=last")
        waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock'"
        assert soon(lambda: len(postgres.rows(waiting)) == 1)
        demo.interrupt()
        assert soon(lambda: not demo.listens())
        assert demo.process.poll() is None
        blocker.rollback()
        answer = writing.result(5)
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        assert demo.process.wait(5) == 0


def test_a_request_that_comes_just_after_the_signal_is_still_answered() -> None:
    with running("demo") as demo:
        demo.interrupt()
        assert demo.status("/health/live") == 200
        assert demo.process.wait(5) == 0


def test_the_crashing_image_exits_with_1_when_it_was_told_to_crash() -> None:
    with running("lifeboat-crash") as machine:
        assert machine.process.wait(5) == 1
    with running("lifeboat-crash", CRASH_AFTER_S="0.2") as machine:
        assert machine.process.wait(5) == 1
        assert [line["event"] for line in machine.log()] == ["start", "error"]


def test_the_hanging_image_accepts_and_never_answers() -> None:
    with running("lifeboat-hang") as machine, pytest.raises(httpx.ReadTimeout):
        machine.client.get("/health/live", timeout=0.3)


def test_the_unhealthy_image_serves_pages_and_fails_its_checks() -> None:
    with running("lifeboat-unhealthy") as machine:
        assert [machine.status(path) for path in ("/health/live", "/health/ready", "/env")] == [500, 500, 200]
