"""What every request goes through, whatever it asks for."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from lifeboat.core.clock import ManualClock
from localcloud.fly.api.dispatch import RouteTable
from localcloud.fly.api.incoming import LONGEST_BODY
from localcloud.fly.api.pipeline import Pipeline
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.stale_view import StaleView
from localcloud.fly.openapi.description import operations
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.in_process import InProcessTransport

CREATED = {"name": "web", "org_slug": "lifeboat"}


def _raw(client: httpx.Client, content: bytes, path: str = "/v1/apps") -> httpx.Response:
    return client.post(path, content=content, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(
    "path",
    ["/v1/platform/regions", "/v1/apps/nobody", "/v1/nothing", "/v1/postgres?org_slug=lifeboat"],
)
def test_every_answer_carries_its_own_request_id(client: httpx.Client, path: str) -> None:
    first, second = client.get(path), client.get(path)
    assert len(first.headers["fly-request-id"]) == 26
    assert first.headers["fly-request-id"] != second.headers["fly-request-id"]


@pytest.mark.parametrize("header", ["", "Bearer", "FlyV1 fm2_somebody", "Basic x", "Bearer fo1_real"])
def test_other_tokens_are_refused_in_flys_words(client: httpx.Client, header: str) -> None:
    answer = client.get("/v1/apps/web", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json() == {"error": "Authenticate: token validation error"}
    assert "fly-request-id" in answer.headers


@pytest.mark.parametrize(
    "header",
    [
        LOCAL_TOKEN,
        LOCAL_TOKEN.replace("FlyV1", "Bearer"),
        f"Bearer {LOCAL_TOKEN}",
        f"{LOCAL_TOKEN},fm2_x",
    ],
)
def test_the_operators_token_comes_in_several_forms(client: httpx.Client, header: str) -> None:
    answer = client.get("/v1/platform/regions", headers={"Authorization": header})
    assert answer.status_code == 200


def test_a_request_without_a_token_is_refused_before_anything_else(transport: InProcessTransport) -> None:
    with httpx.Client(transport=transport, base_url="http://localhost") as stranger:
        assert stranger.get("/v1/nothing").status_code == 401


def test_no_token_text_is_kept(client: httpx.Client, app_name: str, emulator: Emulator) -> None:
    token = client.post(f"/v1/apps/{app_name}/deploy_token", json={}).json()["token"]
    client.get("/v1/apps/web", headers={"Authorization": "FlyV1 fm2_foreign"})
    kept = repr(emulator.world.records)
    assert token.removeprefix("FlyV1 ") not in kept
    assert "fm2_foreign" not in kept


def test_an_unknown_path_is_not_found(client: httpx.Client) -> None:
    assert client.get("/v1/apps/web/nonsense").status_code == 404
    assert client.get("/elsewhere").status_code == 404


def test_an_unknown_method_is_not_allowed(client: httpx.Client) -> None:
    assert client.put("/v1/apps", json={}).status_code == 405


def test_what_is_not_built_says_so(client: httpx.Client) -> None:
    answer = client.get("/v1/postgres?org_slug=lifeboat")
    assert answer.status_code == 501
    assert answer.json() == {"error": "Postgres_list is not supported by the local cloud"}


def test_every_operation_of_the_description_is_found(emulator: Emulator) -> None:
    for operation_id, (method, path, _) in operations().items():
        match = emulator.table.find(method, path.replace("{", "x").replace("}", "x"))
        assert match is not None
        assert match.operation_id == operation_id


def test_an_encoded_slash_stays_inside_its_segment(client: httpx.Client) -> None:
    assert client.get("/v1/apps/a%2Fmachines").json() == {"error": "app not found"}


@pytest.mark.parametrize(
    "content", [b"{", b"\xff\xfe", b'{"name": NaN}', b"[" * 100_000, b'{"a":1}}', b"'x'"]
)
def test_malformed_json_is_refused(client: httpx.Client, content: bytes) -> None:
    answer = _raw(client, content)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("invalid_argument: malformed JSON")


def test_a_body_that_is_too_long_is_refused(client: httpx.Client) -> None:
    answer = _raw(client, b'{"name": "' + b"x" * LONGEST_BODY + b'"}')
    assert answer.status_code == 413
    assert "fly-request-id" in answer.headers


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"name": 3}', "name"),
        (b"[]", "body"),
        (b'"x"', "body"),
        (b'{"enable_subdomains": "yes"}', "enable_subdomains"),
    ],
)
def test_a_wrong_type_is_named_by_its_place(client: httpx.Client, content: bytes, place: str) -> None:
    answer = _raw(client, content)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"invalid_argument: {place}: ")


def test_the_value_is_not_repeated(client: httpx.Client, app_name: str) -> None:
    sent = {"values": ["a-very-secret-value"]}
    answer = client.post(f"/v1/apps/{app_name}/secrets", json=sent)
    assert answer.status_code == 400
    assert "a-very-secret-value" not in answer.text


def test_a_missing_body_is_named(client: httpx.Client) -> None:
    answer = client.post("/v1/apps")
    assert answer.status_code == 400
    assert "body is required" in answer.json()["error"]


def test_null_stands_for_an_absent_field(client: httpx.Client) -> None:
    answer = client.post("/v1/apps", json={**CREATED, "network": None, "enable_subdomains": None})
    assert answer.status_code == 201


def test_integers_have_64_bits(client: httpx.Client) -> None:
    answer = client.post("/v1/platform/placements", json={"org_slug": "lifeboat", "count": 2**63})
    assert answer.status_code == 400


def test_a_lone_surrogate_becomes_a_question_mark(client: httpx.Client, app_name: str) -> None:
    content = b'{"values": {"KEY": "a\\ud800b"}}'
    assert _raw(client, content, f"/v1/apps/{app_name}/secrets").status_code == 200
    shown = client.get(f"/v1/apps/{app_name}/secrets?show_secrets=true").json()
    assert shown["secrets"][0]["value"] == "a?b"


@pytest.mark.parametrize("query", ["force=perhaps", "forse=true", "limit=1"])
def test_unknown_query_parameters_are_refused(client: httpx.Client, app_name: str, query: str) -> None:
    answer = client.delete(f"/v1/apps/{app_name}/machines/0123456789abcd?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["error"]


@pytest.mark.parametrize("query", ["force=true", "kill=false"])
def test_known_query_parameters_pass(client: httpx.Client, app_name: str, query: str) -> None:
    answer = client.delete(f"/v1/apps/{app_name}/machines/0123456789abcd?{query}")
    assert answer.status_code == 404


def test_a_missing_query_parameter_is_named(client: httpx.Client) -> None:
    answer = client.get("/v1/apps")
    assert answer.status_code == 400
    assert "org_slug" in answer.json()["error"]


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (Answer(body={"id": 7}), "id"),
        (Answer(body=[1]), "body"),
        (Answer(status=202, body={}), "202"),
        (Answer(), "body"),
        (Answer(body={"id": object()}), "description"),
    ],
)
def test_an_answer_outside_the_description_is_our_bug_and_named(
    tmp_path: Path, clock: ManualClock, answer: Answer, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = Emulator(tmp_path, clock, runner=FakeRunner()).world

    def broken(_: Call) -> Answer:
        return answer

    route = Route(method="GET", path="/v1/apps/{app_name}", operation_id="Apps_show", handler=broken)
    pipeline = Pipeline(world, RouteTable([route], []), StaleView(world))
    with InProcessTransport(pipeline) as transport, httpx.Client(transport=transport) as client:
        found = client.get("http://x/v1/apps/web", headers={"Authorization": LOCAL_TOKEN})
    assert found.status_code == 500
    assert place in found.json()["error"]
    assert "Apps_show" in caplog.text or place == "description"
