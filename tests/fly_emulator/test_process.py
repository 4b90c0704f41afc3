"""The process: ports, state file, signals, and connections that are really dropped."""

from __future__ import annotations

import signal
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from localcloud.fly.tokens import LOCAL_TOKEN
from tests.fly_emulator.fly_process import FlyProcess
from tests.waiting import soon

Start = Callable[..., FlyProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start processes, all with the same state file."""
    started: list[FlyProcess] = []

    def begin(*options: str) -> FlyProcess:
        started.append(FlyProcess(tmp_path, *options))
        return started[-1]

    yield begin
    for process in started:
        process.stop()


def _create_app(process: FlyProcess, name: str = "web") -> None:
    with process.client() as client:
        client.post("/v1/apps", json={"name": name, "org_slug": "lifeboat"}).raise_for_status()


def _apps(process: FlyProcess) -> list[str]:
    with process.client() as client:
        found = client.get("/v1/apps", params={"org_slug": "lifeboat"}).json()
    return [app["name"] for app in found["apps"]]


def test_sigterm_saves_and_the_next_start_goes_on(start: Start) -> None:
    first = start().wait_until_ready()
    _create_app(first)
    first.admin("POST", "clock", {"advance_s": 3600})
    with first.client() as client:
        token = client.post("/v1/apps/web/deploy_token", json={}).json()["token"]
    assert first.stop() == 0
    assert not (first.directory / "port").exists()
    assert stat.S_IMODE(first.state_file.stat().st_mode) == 0o600

    second = start().wait_until_ready()
    assert _apps(second) == ["web"]
    assert second.admin("GET", "clock")["advanced_s"] == 3600
    answer = httpx.get(f"{second.url}/v1/apps/web", headers={"Authorization": token}, trust_env=False)
    assert answer.status_code == 200


def test_kill_9_loses_only_what_was_not_saved_yet(start: Start) -> None:
    first = start().wait_until_ready()
    _create_app(first)
    assert soon(lambda: not first.admin("GET", "health")["dirty"])
    first.kill()
    assert _apps(start().wait_until_ready()) == ["web"]


def test_one_process_per_state_file(start: Start) -> None:
    start().wait_until_ready()
    second = start()
    assert second.end() == 3
    assert "is in use by another local cloud" in second.log.read_text()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not ours at all", "has no readable header"),
        (b'{"moto": "5.2.5"}\nx', "is not one of the local Fly"),
        (b'{"kind": "lifeboat-fly", "format": 99}\n{}', "written with format 99"),
        (b'{"kind": "lifeboat-fly", "format": 1, "bytes": 2, "sha256": "0"}\n{}', "is damaged"),
    ],
)
def test_a_file_that_is_not_exactly_ours_is_refused_and_kept(
    start: Start, tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "fly.state").write_bytes(content)
    process = start()
    assert process.end() == 3
    assert words in process.log.read_text()
    assert process.state_file.read_bytes() == content


def test_a_cut_file_is_refused(start: Start) -> None:
    first = start().wait_until_ready()
    first.stop()
    content = first.state_file.read_bytes()
    first.state_file.write_bytes(content[:-20])
    second = start()
    assert second.end() == 3
    assert "is damaged" in second.log.read_text()


def test_a_taken_port_is_refused(start: Start, tmp_path: Path) -> None:
    first = start().wait_until_ready()
    port = first.url.rsplit(":", 1)[1]
    (tmp_path / "other").mkdir()
    second = FlyProcess(tmp_path / "other", "--port", port)
    assert second.end() == 3
    assert f"port {port}" in second.log.read_text()


def test_it_ends_with_its_lifeline(start: Start) -> None:
    process = start("--lifeline").wait_until_ready()
    assert process.process.stdin is not None
    process.process.stdin.close()
    assert process.process.wait(timeout=20) == 0


def test_further_organisations_exist_from_the_start(start: Start) -> None:
    process = start("--org", "acme").wait_until_ready()
    with process.client() as client:
        assert client.post("/v1/apps", json={"name": "x", "org_slug": "acme"}).status_code == 201


def test_it_listens_on_loopback_alone(start: Start) -> None:
    process = start().wait_until_ready()
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(process.process.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 2
    assert set(listening) == {"127.0.0.1"}


def test_a_lost_answer_is_a_dropped_connection_and_the_write_was_done(start: Start) -> None:
    process = start().wait_until_ready()
    process.admin("POST", "faults", {"kind": "timeout_after_write", "delay_s": 0.05, "times": 1})
    with process.client() as client:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            client.post("/v1/apps", json={"name": "web", "org_slug": "lifeboat"})
        assert client.get("/v1/apps/web").status_code == 200
    assert process.log.read_text() == ""


def test_neither_tokens_nor_secrets_reach_the_log(start: Start) -> None:
    process = start().wait_until_ready()
    with process.client() as client:
        client.get("/v1/apps/web", headers={"Authorization": "FlyV1 fm2_real_secret"})
        client.post("/v1/apps", content=b'{"name": "fm2_real_secret')
        client.post("/v1/apps", json={"name": "web", "org_slug": "lifeboat"})
        client.post("/v1/apps/web/secrets", json={"values": {"K": "s3cr3t-value"}})
    process.stop()
    assert process.log.read_text() == ""
    assert b"fm2_real_secret" not in process.state_file.read_bytes()


def test_a_long_wait_does_not_keep_it_from_ending(start: Start) -> None:
    process = start().wait_until_ready()
    process.admin("POST", "faults", {"kind": "latency", "delay_s": 60})
    request = f"GET /v1/platform/regions HTTP/1.1\r\nHost: x\r\nAuthorization: {LOCAL_TOKEN}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(process.url.rsplit(":", 1)[1]))) as connection:
        connection.sendall(request.encode())
        assert soon(lambda: process.admin("GET", "faults")["faults"][0]["hits"] == 1)
        process.process.send_signal(signal.SIGTERM)
        assert process.end() == 0


def test_a_state_that_cannot_be_written_is_said(start: Start) -> None:
    process = start().wait_until_ready()
    _create_app(process)
    process.state_file.unlink(missing_ok=True)
    process.state_file.mkdir()
    (process.state_file / "in-the-way").touch()
    answer = httpx.post(f"{process.url}/_lifeboat/save", trust_env=False)
    assert answer.status_code == 500
    assert process.admin("GET", "health")["last_save_error"].startswith("saving failed")
    assert process.stop() == 3
    assert "could not be saved" in process.log.read_text()


def test_an_idle_emulator_is_small(start: Start) -> None:
    process = start().wait_until_ready()
    process.admin("GET", "health")
    resident_mb = psutil.Process(process.process.pid).memory_info().rss / 1024**2
    assert resident_mb < 110
