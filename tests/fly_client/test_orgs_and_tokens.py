"""Lists of an organisation say what they miss; tokens are wrapped the moment they arrive."""

from __future__ import annotations

import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.orgs import Orgs
from lifeboat.fly.client.tokens import Tokens
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import answers, no, ok


def test_regions_that_are_missing_are_part_of_the_result(fly: Fly) -> None:
    machine = {"id": "148e", "app_name": "web", "version": "01K", "state": "started", "config": None}
    scripted = fly(
        answers(
            ok({"machines": [machine], "error_regions": ["iad"], "next_cursor": "c1"}),
            ok({"machines": [], "error_regions": ["iad", "fra"]}),
        )
    )
    found = Orgs(scripted.http()).machines("lifeboat", region="iad")
    assert [(one.id, one.instance_id, one.config.image) for one in found.items] == [("148e", "01K", "")]
    assert found.error_regions == ("fra", "iad")
    assert {request.url.params["region"] for request in scripted.requests} == {"iad"}


def test_volumes_of_an_organisation_name_their_app(fly: Fly) -> None:
    row = {"id": "vol_1", "app_name": "web", "attached_machine_id": "148e", "updated_at": None}
    found = Orgs(fly(answers(ok({"volumes": [row]}))).http()).volumes("lifeboat")
    assert [(one.app_name, one.attached_machine_id) for one in found.items] == [("web", "148e")]
    assert found.error_regions == ()


def test_the_own_tokens_are_described_without_their_text(fly: Fly) -> None:
    row = {"token_id": "t1", "org_slug": "lifeboat", "apps": ["web"], "user": None}
    (scope,) = Tokens(fly(answers(ok({"tokens": [row]}))).http()).current()
    assert (scope.org_slug, scope.apps, scope.user) == ("lifeboat", ("web",), "")


def test_a_new_token_is_a_secret_from_the_start(fly: Fly) -> None:
    scripted = fly(answers(ok({"token": "FlyV1 fm2_new"})))
    token = Tokens(scripted.http()).deploy_token("web", expiry="24h")
    assert (token.reveal(), repr(token)) == ("FlyV1 fm2_new", "[secret]")
    assert scripted.body() == {"expiry": "24h"}


def test_an_answer_without_a_token_is_an_error(fly: Fly) -> None:
    with pytest.raises(errors.ProtocolError, match="holds no token"):
        Tokens(fly(answers(ok({"token": ""}))).http()).deploy_token("web", expiry="24h")
    with pytest.raises(errors.Unauthorized):
        Tokens(fly(answers(no(401, "Authenticate: token validation error"))).http()).current()
