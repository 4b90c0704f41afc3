"""Secrets go out in one batch and never come back by accident."""

from __future__ import annotations

import httpx
import pytest

from lifeboat.core.secret import Secret
from lifeboat.fly.client import errors
from lifeboat.fly.client.secrets import Secrets
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import answers, no, ok

VALUE = "canary-value-77e1"


def test_a_batch_sets_and_removes_at_once_and_says_the_version(fly: Fly) -> None:
    scripted = fly(answers(ok({"secrets": [{"name": "A", "digest": "d1"}], "version": 4, "Version": 4})))
    written = Secrets(scripted.http()).set_many("web", {"A": Secret(VALUE), "B": None})
    assert (written.version, dict(written.digests)) == (4, {"A": "d1"})
    assert scripted.asked == ["POST /v1/apps/web/secrets"]
    assert scripted.body() == {"values": {"A": VALUE, "B": None}}


def test_the_version_is_read_under_its_old_name_too(fly: Fly) -> None:
    scripted = fly(answers(ok({"secrets": [{"name": "A", "digest": "d1"}], "Version": 9})))
    assert Secrets(scripted.http()).set_many("web", {"A": Secret(VALUE)}).version == 9


def test_an_empty_value_is_a_value(fly: Fly) -> None:
    scripted = fly(answers(ok({"secrets": [{"name": "A", "digest": "d0"}], "version": 1})))
    Secrets(scripted.http()).set_many("web", {"A": Secret("")})
    assert scripted.body() == {"values": {"A": ""}}


def test_digests_the_answer_left_out_are_read_at_that_version(fly: Fly) -> None:
    scripted = fly(answers(ok({"version": 4}), ok({"secrets": [{"name": "A", "digest": "d1"}]})))
    assert Secrets(scripted.http()).set_many("web", {"A": Secret(VALUE)}).digests == {"A": "d1"}
    assert scripted.requests[1].url.params["min_version"] == "4"


def test_an_empty_batch_is_refused_without_a_call(fly: Fly) -> None:
    scripted = fly(answers(ok({})))
    with pytest.raises(errors.InvalidRequest, match="secrets of app web"):
        Secrets(scripted.http()).set_many("web", {})
    assert scripted.requests == []


def test_a_batch_is_repeated_after_a_lost_answer(fly: Fly) -> None:
    done = ok({"secrets": [{"name": "A", "digest": "d1"}], "version": 5})
    scripted = fly(answers(httpx.ReadTimeout("slow"), no(503, "down"), done))
    assert Secrets(scripted.http()).set_many("web", {"A": Secret(VALUE)}).version == 5


def test_a_list_never_asks_for_values(fly: Fly) -> None:
    scripted = fly(answers(ok({"secrets": [{"name": "A", "digest": "d1", "updated_at": ""}]})))
    (secret,) = Secrets(scripted.http()).list("web", min_version=3)
    assert (secret.name, secret.digest, secret.value, secret.updated_at) == ("A", "d1", None, None)
    assert dict(scripted.requests[0].url.params) == {"min_version": "3"}


def test_revealed_values_are_wrapped(fly: Fly) -> None:
    scripted = fly(answers(ok({"secrets": [{"name": "A", "value": VALUE}, {"name": "B", "value": None}]})))
    revealed = Secrets(scripted.http()).reveal("web")
    assert revealed["A"].reveal() == VALUE
    assert set(revealed) == {"A"}
    assert VALUE not in repr(revealed)
    assert scripted.requests[0].url.params["show_secrets"] == "true"


def test_a_malformed_answer_does_not_quote_a_value(fly: Fly) -> None:
    scripted = fly(answers(ok({"secrets": [{"name": {"odd": VALUE}, "value": VALUE}]})))
    with pytest.raises(errors.ProtocolError) as caught:
        Secrets(scripted.http()).reveal("web")
    assert VALUE not in str(caught.value)


def test_removing_one_says_the_version_and_removing_none_says_nothing(fly: Fly) -> None:
    assert Secrets(fly(answers(ok({"Version": 6}))).http()).delete("web", "A") == 6
    assert Secrets(fly(answers(no(404, "not_found: secret not found"))).http()).delete("web", "A") is None


def test_a_version_fly_does_not_know_yet_is_a_precondition(fly: Fly) -> None:
    with pytest.raises(errors.PreconditionFailed):
        Secrets(fly(answers(no(412, "secrets are at version 3"))).http()).list("web", min_version=4)
