"""Bad bodies and bad tokens: typed errors on the client, and no token in anything that is kept or shown."""

from __future__ import annotations

import gzip
import json
import logging
import traceback
from collections.abc import Callable

import pytest

from lifeboat.core.errors import ConfigError
from lifeboat.core.secret import Secret
from lifeboat.fly.client import FlyClient, FlySettings, errors
from lifeboat.fly.client.exchange import LARGEST_BODY
from lifeboat.fly.client.models.new_volume import NewVolume
from lifeboat.fly.client.platform import PlacementWish
from localcloud.fly.faults.board import FaultKind
from tests.contract.fly_world import DEMO, FlyWorld
from tests.contract.spoiled import Spoil, only, with_content

CANARY = "fm2_canary5f9c1e7a0b2d"
FAULTS = (
    FaultKind.API_DOWN,
    FaultKind.GRAPHQL_DOWN,
    FaultKind.UIEX_DOWN,
    FaultKind.TOKENS_DOWN,
    FaultKind.RATE_STORM,
    FaultKind.TIMEOUT_AFTER_WRITE,
)
HUGE = b" " * (LARGEST_BODY + 1)
DEEP = b"[" * 100_000

SPOILED: dict[str, Spoil] = {
    "html": with_content(b"<html>bad gateway</html>", content_type="text/html"),
    "half": with_content(b'{"id": "148e", "na'),
    "wrong type": with_content(
        b'{"id": 7, "name": [], "secrets": "x", "ips": {}, "machines": 1, "releases": 1}'
    ),
    "text": with_content(b'"ok"'),
    "bytes": with_content(b"\xff\xfe\x00\x80"),
    "deep": with_content(DEEP),
    "not gzip": with_content(b"plain", content_encoding="gzip"),
    "redirect": with_content(b"", status=302, location="http://127.0.0.1:9/elsewhere"),
}


@pytest.mark.parametrize("kind", list(SPOILED))
def test_a_spoiled_answer_is_a_protocol_error_and_never_a_value(fly: FlyWorld, kind: str) -> None:
    fly.client.certificates.request_acme(fly.app, "www.example.com")
    spoiled = fly.client_through(SPOILED[kind])
    for attempt in (
        lambda: spoiled.apps.get(fly.app),
        lambda: spoiled.machines.list(fly.app),
        lambda: spoiled.secrets.list(fly.app),
        lambda: spoiled.ips.list(fly.app),
        lambda: spoiled.certificates.get(fly.app, "www.example.com"),
        lambda: spoiled.orgs.machines(fly.organization),
    ):
        with pytest.raises(errors.ProtocolError) as caught:
            attempt()
        assert len(str(caught.value)) < 1000
    assert not spoiled.platform.regions().is_live
    with pytest.raises(errors.Unavailable):
        spoiled.releases.list(fly.app)


@pytest.mark.parametrize(
    "spoil",
    [with_content(HUGE), with_content(gzip.compress(HUGE), content_encoding="gzip")],
    ids=["as it is", "unpacked"],
)
def test_a_huge_answer_is_not_read_to_its_end(fly: FlyWorld, spoil: Spoil) -> None:
    with pytest.raises(errors.ProtocolError, match="the answer is larger than"):
        fly.client_through(spoil).apps.get(fly.app)
    spoiled = fly.client_through(only("POST", "/machines", spoil))
    made = spoiled.machines.create(fly.app, fly.new())
    assert [machine.id for machine in fly.client.machines.list(fly.app)] == [made.id]


def test_an_address_where_nobody_listens_is_not_reached(fly: FlyWorld) -> None:
    nobody = "http://127.0.0.1:1"
    nowhere = FlySettings(flaps_url=nobody, api_url=nobody, uiex_url=nobody, token=Secret(CANARY))
    with FlyClient(nowhere, clock=fly.clock) as client:
        with pytest.raises(errors.NotReached) as caught:
            client.machines.create(fly.app, fly.new())
        assert caught.value.status is None
        assert not client.platform.regions().is_live


@pytest.mark.parametrize("kind", ["html", "half", "not gzip"])
def test_a_machine_whose_answer_is_spoiled_is_made_once(fly: FlyWorld, kind: str) -> None:
    spoiled = fly.client_through(only("POST", "/machines", SPOILED[kind]))
    made = spoiled.machines.create(fly.app, fly.new())
    assert [machine.id for machine in fly.client.machines.list(fly.app)] == [made.id]


@pytest.mark.parametrize("kind", ["html", "half", "not gzip"])
def test_a_volume_whose_answer_is_spoiled_is_made_once(fly: FlyWorld, kind: str) -> None:
    spoiled = fly.client_through(only("POST", "/volumes", SPOILED[kind]))
    made = spoiled.volumes.create(fly.app, NewVolume(name="data", region="fra", size_gb=1))
    assert [volume.id for volume in fly.client.volumes.list(fly.app)] == [made.id]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_that_fails_after_the_work_makes_nothing_twice(fly: FlyWorld, status: int) -> None:
    broken = with_content(b"<html>gateway</html>", status=status)
    spoiled = fly.client_through(only("POST", "/machines", broken))
    spoiled.machines.create(fly.app, fly.new())
    assert fly.live_names() == ["web-1"]


@pytest.mark.parametrize(
    "content",
    [b"{", b"\xff\xfe", b'{"name": NaN}', DEEP, b'{"a":1}}', b"[]", b'"x"', b"{}" * 2, b"null,"],
    ids=["half", "bytes", "nan", "deep", "twice closed", "list", "text", "two", "comma"],
)
@pytest.mark.parametrize("path", ["/v1/apps", "/v1/apps/{app}/machines", "/v1/apps/{app}/secrets"])
def test_a_malformed_request_is_refused_and_changes_nothing(fly: FlyWorld, content: bytes, path: str) -> None:
    answer = fly.raw.post(path.format(app=fly.app), content=content)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"].startswith("invalid_argument: ")
    assert fly.live_names() == []


def test_a_huge_request_is_refused_as_invalid(fly: FlyWorld) -> None:
    huge = Secret("x" * (LARGEST_BODY + 1))
    with pytest.raises(errors.FlyError) as caught:
        fly.client.secrets.set_many(fly.app, {"A": huge})
    assert type(caught.value) is errors.InvalidRequest
    assert caught.value.status == 413
    assert fly.client.secrets.list(fly.app) == ()


@pytest.mark.parametrize(
    "token", ["", " ", "a\nb", "é", "a\x00b", "\x7f", "Bearer", "FlyV1", "FlyV1 ,", "Bearer  Bearer"]
)
def test_a_token_that_is_no_header_is_refused_before_it_is_sent(fly: FlyWorld, token: str) -> None:
    with pytest.raises(ConfigError) as caught:
        fly.client_with(token)
    assert str(caught.value) == "the fly token is empty or has characters no token has"


@pytest.mark.parametrize(
    "token", ["nonsense", "fm2_", "a,b", "Bearer FlyV1 x", "FlyV1 fm1r_x,fm2_y", "x" * 20_000, "'; --"]
)
def test_a_token_that_is_none_is_unauthorized_everywhere(fly: FlyWorld, token: str) -> None:
    stranger = fly.client_with(token)
    with pytest.raises(errors.Unauthorized):
        stranger.apps.get(fly.app)
    with pytest.raises(errors.Unauthorized):
        stranger.machines.create(fly.app, fly.new())
    with pytest.raises(errors.Unavailable):
        stranger.releases.list(fly.app)


def _everything(fly: FlyWorld, token: str) -> list[Callable[[], object]]:
    client = fly.client_with(token)
    wish = PlacementWish(organization=fly.organization, regions="fra")
    return [
        lambda: client.apps.get(fly.app),
        lambda: client.apps.get("nobody"),
        lambda: client.apps.create("UPPER", fly.organization),
        lambda: client.machines.create(fly.app, fly.new()),
        lambda: client.machines.get(fly.app, "0123456789abcd"),
        lambda: client.machines.list_carefully(fly.app),
        lambda: client.leases.take(fly.app, "0123456789abcd"),
        lambda: client.volumes.create(fly.app, NewVolume(name="data", region="sea")),
        lambda: client.secrets.set_many(fly.app, {"A": Secret("one")}),
        lambda: client.secrets.reveal(fly.app),
        lambda: client.certificates.request_acme(fly.app, "no host"),
        lambda: client.platform.placements(wish),
        lambda: client.orgs.machines("nobody"),
        client.tokens.current,
        lambda: client.logs.page(fly.app),
        lambda: client.releases.create(fly.app, image=DEMO, strategy="ROLLING"),
        lambda: client.images.resolve(fly.app, DEMO),
        lambda: (client, client.settings),
    ]


def _shown(attempts: list[Callable[[], object]]) -> str:
    """Return everything that failures of the attempts show of themselves."""
    shown = []
    for attempt in attempts:
        try:
            shown.append(repr(attempt()))
        except errors.FlyError as error:
            chain = [error, error.__cause__, error.__context__]
            shown += [f"{each!r} {each} {vars(each) if each else ''}" for each in chain]
            shown += traceback.format_exception(error)
    return "\n".join(shown)


@pytest.mark.parametrize("fault", [None, *FAULTS])
@pytest.mark.parametrize("is_valid", [True, False], ids=["valid", "unknown"])
def test_a_token_is_nowhere_to_be_seen(
    fly: FlyWorld, caplog: pytest.LogCaptureFixture, fault: FaultKind | None, is_valid: bool
) -> None:
    token = fly.token(f"org:{fly.organization}") if is_valid else CANARY
    caplog.set_level(logging.DEBUG)
    if fault is not None:
        fly.fault(fault, times=3)
    shown = _shown([lambda: fly.client_with(token), *_everything(fly, token)])
    fly.admin("POST", "save")
    text = token.removeprefix("FlyV1 ")
    assert ("Unauthorized" in shown) == (not is_valid or fault is FaultKind.TOKENS_DOWN)
    assert text not in shown
    assert "HTTP Request: GET" in caplog.text
    assert text not in caplog.text
    assert text not in json.dumps([fly.admin("GET", name) for name in ("health", "faults", "coverage")])
    for file in fly.files:
        assert text.encode() not in file.read_bytes()
