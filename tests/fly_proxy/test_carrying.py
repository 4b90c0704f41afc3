"""What arrives at the machine and at the client: bytes, headers, streams, replays."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from threading import Event

import httpx
import pytest

from tests.fly_proxy.edge_world import EdgeWorld
from tests.fly_proxy.pretend_machine import Say, Seen
from tests.fly_proxy.records import an_app
from tests.waiting import soon

HOST = {"host": "acme.fly.dev"}


def test_method_path_query_and_body_arrive_as_they_were_sent(edge: EdgeWorld) -> None:
    edge.add("m1")
    with edge.client() as client:
        for method in ("POST", "PUT", "DELETE"):
            client.request(method, "/a%20b//c/../d?x=1&x=%2F", headers=HOST, content=b"payload")
            seen = edge.machines["m1"].seen[-1]
            assert (seen.method, seen.body) == (method, b"payload")
    edge.run(_raw(edge, b"GET /a/../b%2f?q=%zz HTTP/1.1\r\nHost: acme.fly.dev\r\nConnection: close\r\n\r\n"))
    assert edge.machines["m1"].seen[-1].target == "/a/../b%2f?q=%zz"


async def _raw(edge: EdgeWorld, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


def test_a_streamed_request_arrives_whole_however_large(edge: EdgeWorld) -> None:
    edge.add("m1")
    chunks = [bytes([number]) * 100_000 for number in range(30)]
    with edge.client() as client:
        answer = client.post("/", headers=HOST, content=iter(chunks))
    assert answer.status_code == 200
    assert edge.machines["m1"].seen[0].body == b"".join(chunks)


def test_an_answer_streams_while_it_is_being_made(edge: EdgeWorld) -> None:
    edge.add("m1")
    goes_on = Event()

    def slowly() -> Iterator[bytes]:
        yield b"first"
        assert goes_on.wait(5)
        yield b"second"

    edge.machines["m1"].script = lambda _: Say(chunks=slowly(), streamed=True)
    with edge.client() as client, client.stream("GET", "/", headers=HOST) as answer:
        parts = answer.iter_raw()
        assert next(parts) == b"first"
        goes_on.set()
        assert b"".join(parts) == b"second"


def test_status_headers_and_cookies_come_back_and_compressed_bytes_stay_so(edge: EdgeWorld) -> None:
    edge.add("m1")
    headers = (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Encoding", "gzip"), ("X-Mine", "yes"))
    edge.machines["m1"].script = lambda _: Say(status=418, headers=headers, chunks=(b"\x1f\x8bnot really",))
    with edge.client() as client, client.stream("GET", "/", headers=HOST) as answer:
        assert b"".join(answer.iter_raw()) == b"\x1f\x8bnot really"
    assert answer.status_code == 418
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert (answer.headers["x-mine"], answer.headers["via"]) == ("yes", "1.1 fly.io")


def test_a_cookie_of_one_client_is_never_sent_for_another(edge: EdgeWorld) -> None:
    edge.add("m1")
    edge.machines["m1"].script = lambda _: Say(headers=(("Set-Cookie", "session=mine"),))
    edge.get()
    edge.get()
    assert "cookie" not in edge.machines["m1"].seen[1].headers


def test_head_and_empty_answers_have_no_body(edge: EdgeWorld) -> None:
    edge.add("m1")
    with edge.client() as client:
        head = client.head("/", headers=HOST)
        assert (head.status_code, head.headers["content-length"], head.content) == (200, "2", b"")
        edge.machines["m1"].script = lambda _: Say(status=304)
        assert client.get("/", headers=HOST).status_code == 304


def test_upgrades_and_tunnels_are_not_supported(edge: EdgeWorld) -> None:
    edge.add("m1")
    assert edge.get(connection="upgrade", upgrade="websocket").status_code == 501
    tunnel = edge.run(
        _raw(edge, b"CONNECT acme.fly.dev:443 HTTP/1.1\r\nHost: acme.fly.dev\r\nConnection: close\r\n\r\n")
    )
    assert tunnel.startswith(b"HTTP/1.1 501")


def test_an_answer_that_breaks_off_is_seen_to_break_off(edge: EdgeWorld) -> None:
    edge.add("m1")

    def breaking() -> Iterator[bytes]:
        yield b"first"
        raise ConnectionError

    edge.machines["m1"].script = lambda _: Say(chunks=breaking(), streamed=True)
    with pytest.raises(httpx.RemoteProtocolError):
        edge.get()


def test_a_client_that_leaves_frees_its_place(edge: EdgeWorld) -> None:
    edge.add("m1")
    goes_on = Event()

    def endlessly() -> Iterator[bytes]:
        while not goes_on.wait(0.02):
            yield b"more"

    edge.machines["m1"].script = lambda _: Say(chunks=endlessly(), streamed=True)
    load = edge.edge.load
    with socket.create_connection(("127.0.0.1", edge.port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: acme.fly.dev\r\n\r\n")
        assert client.recv(10)
        assert load.of("m1") == 1
    assert soon(lambda: load.of("m1") == 0)
    goes_on.set()


def test_a_replay_goes_to_the_named_region_with_its_body_and_its_story(edge: EdgeWorld) -> None:
    edge.add("reader", "sjc")
    edge.add("writer", "ord")
    edge.machines["reader"].script = lambda _: Say(
        status=409, headers=(("fly-replay", "region=ord;state=write"),)
    )
    with edge.client() as client:
        answer = client.post("/order", headers=HOST, content=b"one")
    assert answer.text == "writer"
    seen = edge.machines["writer"].seen[0]
    assert (seen.method, seen.target, seen.body) == ("POST", "/order", b"one")
    story = seen.headers["fly-replay-src"]
    assert story.startswith("instance=reader;region=sjc;t=")
    assert story.endswith(";state=write")
    assert "fly-replay-src" not in edge.machines["reader"].seen[0].headers


def test_a_replay_may_name_a_machine_another_app_or_anybody_else(edge: EdgeWorld) -> None:
    edge.add("m1")
    edge.add("m2", "fra")
    other = edge.add_app(an_app("worker"))
    for target, reached in (("instance=m2", "m2"), ("elsewhere=true", "m2"), ("app=worker", "w1")):
        edge.machines["m1"].script = _replaying(target)
        if reached == "w1":
            other.machines["w1"] = edge.add("w1")
            del edge.app.machines["w1"]
        assert edge.get().text == reached


def _replaying(target: str) -> Callable[[Seen], Say]:
    def script(_: Seen) -> Say:
        return Say(headers=(("fly-replay", target),))

    return script


@pytest.mark.parametrize(
    ("target", "status"),
    [("region=fra", 503), ("app=nobody", 502), ("app=foreign", 502), ("nonsense", 502), ("instance=m1", 502)],
)
def test_a_replay_that_cannot_be_followed_is_an_error(edge: EdgeWorld, target: str, status: int) -> None:
    edge.add("m1")
    edge.add_app(an_app("foreign", org="personal"))
    edge.machines["m1"].script = lambda _: Say(headers=(("fly-replay", target),))
    assert edge.get().status_code == status
    assert len(edge.machines["m1"].seen) < 12


def test_a_large_request_cannot_be_replayed(edge: EdgeWorld) -> None:
    edge.add("m1")
    edge.add("m2", "fra")
    edge.machines["m1"].script = lambda _: Say(headers=(("fly-replay", "region=fra"),))
    with edge.client() as client:
        assert client.post("/", headers=HOST, content=b"x" * 1_000_000).text == "m2"
        for body in (b"x" * 1_000_001, iter([b"x" * 600_000] * 2)):
            answer = client.post("/", headers=HOST, content=body)
            assert (answer.status_code, "1000000" in answer.text) == (502, True)
