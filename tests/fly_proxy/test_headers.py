"""What a machine and a client learn from the edge, and what stays on one connection."""

from __future__ import annotations

from localcloud.fly.proxy.headers import Hop, to_client, to_machine
from tests.fly_proxy.records import NOW

HOP = Hop(
    request_id="01A-sjc", client_ip="127.0.0.1", edge_region="sjc", host=b"acme.fly.dev",
    scheme="http", port=8080, at=NOW,
)  # fmt: skip


def sent(*headers: tuple[bytes, bytes]) -> dict[bytes, bytes]:
    return dict(to_machine(headers, HOP))


def test_the_machine_learns_who_asks_and_where() -> None:
    headers = sent()
    assert headers[b"host"] == b"acme.fly.dev"
    assert headers[b"fly-client-ip"] == b"127.0.0.1"
    assert headers[b"fly-region"] == b"sjc"
    assert headers[b"x-forwarded-for"] == b"127.0.0.1"
    assert (headers[b"x-forwarded-port"], headers[b"x-forwarded-proto"]) == (b"8080", b"http")
    assert headers[b"via"] == b"1.1 fly.io"
    assert headers[b"x-request-start"] == b"t=1780315200000000"


def test_a_client_cannot_claim_what_the_edge_says() -> None:
    headers = sent((b"fly-client-ip", b"8.8.8.8"), (b"fly-replay-src", b"instance=me"), (b"host", b"evil"))
    assert (headers[b"fly-client-ip"], headers[b"host"]) == (b"127.0.0.1", b"acme.fly.dev")
    assert b"fly-replay-src" not in headers


def test_lists_of_proxies_are_continued() -> None:
    headers = sent((b"x-forwarded-for", b"10.0.0.1"), (b"via", b"1.0 old"))
    assert headers[b"x-forwarded-for"] == b"10.0.0.1, 127.0.0.1"
    assert headers[b"via"] == b"1.0 old, 1.1 fly.io"


def test_what_belongs_to_one_connection_is_dropped() -> None:
    headers = sent(
        (b"connection", b"close, X-Mine"), (b"x-mine", b"1"), (b"te", b"trailers"), (b"expect", b"100"),
        (b"keep-alive", b"5"), (b"cookie", b"kept"),
    )  # fmt: skip
    assert not {b"connection", b"x-mine", b"te", b"expect", b"keep-alive"} & set(headers)
    assert headers[b"cookie"] == b"kept"


def test_a_body_of_unknown_length_stays_one() -> None:
    assert sent((b"transfer-encoding", b"chunked"))[b"transfer-encoding"] == b"chunked"
    both = sent((b"transfer-encoding", b"chunked"), (b"content-length", b"3"))
    assert b"transfer-encoding" not in both


def test_the_client_gets_every_cookie_and_the_request_s_id() -> None:
    answer = to_client([(b"Set-Cookie", b"a"), (b"Set-Cookie", b"b"), (b"Connection", b"close")], "01A-sjc")
    assert [value for name, value in answer if name == b"set-cookie"] == [b"a", b"b"]
    assert (b"fly-request-id", b"01A-sjc") in answer
    assert b"connection" not in dict(answer)
