"""Secrets: one version counter, digests, atomic batches, values shown only when they may be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud.fly.api import secrets
from localcloud.fly.wire_error import WireError
from tests.fly_emulator.bare import Bare


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    return Bare(tmp_path, secrets.ROUTES)


def _set(bare: Bare, **values: str | None) -> dict[str, Any]:
    body = bare.call("Secrets_update", {"values": values})
    assert isinstance(body, dict)
    return body


def _names(bare: Bare) -> list[str]:
    return [secret["name"] for secret in bare.call("Secrets_list")["secrets"]]


def test_a_batch_sets_and_removes_as_one_version_under_both_its_names(bare: Bare) -> None:
    assert _set(bare, A="1", B="2")["version"] == 1
    answer = _set(bare, A=None, C="3")
    assert (answer["version"], answer["Version"]) == (2, 2)
    assert [secret["name"] for secret in answer["secrets"]] == ["C"]
    assert _names(bare) == ["B", "C"]


def test_a_batch_with_one_bad_name_changes_nothing(bare: Bare) -> None:
    for name in ("1X", "A-B", "", "É"):
        with pytest.raises(WireError) as caught:
            _set(bare, GOOD="1", **{name: "2"})
        assert caught.value.status == 400
    assert (_names(bare), bare.app.secrets_version) == ([], 0)


@pytest.mark.parametrize("value", [{"leaked": 1}, 1, "leaked\ud800"], ids=ascii)
def test_a_value_that_is_no_text_is_refused_without_showing_it(bare: Bare, value: object) -> None:
    for operation, body in (
        ("Secrets_update", {"values": {"A": value}}),
        ("Secret_create", {"value": value}),
    ):
        with pytest.raises(WireError) as caught:
            bare.call(operation, body, secret_name="A")
        assert caught.value.status == 400
        assert "leaked" not in caught.value.error


def test_values_are_shown_on_request_and_never_to_a_deploy_token(bare: Bare) -> None:
    _set(bare, A="hidden-value")
    assert "hidden-value" not in str(bare.call("Secrets_list"))
    assert bare.call("Secret_get", query="show_secrets=true", secret_name="A")["value"] == "hidden-value"
    bare.scope = "app:web"
    with pytest.raises(WireError) as caught:
        bare.call("Secrets_list", query="show_secrets=true")
    assert caught.value.status == 403


def test_a_digest_is_equal_for_equal_values_of_one_app_only(bare: Bare) -> None:
    first = _set(bare, A="same", B="same", C="other")["secrets"]
    assert first[0]["digest"] == first[1]["digest"] != first[2]["digest"]
    other = bare.add_app("other")
    there = bare.call("Secrets_update", {"values": {"A": "same"}}, app_name=other.name)["secrets"]
    assert there[0]["digest"] != first[0]["digest"]


def test_setting_again_keeps_the_moment_it_was_made(bare: Bare) -> None:
    before = _set(bare, A="1")["secrets"][0]
    bare.pass_time(10)
    after = _set(bare, A="2")["secrets"][0]
    assert after["created_at"] == before["created_at"] < after["updated_at"]


def test_one_secret_is_made_read_and_removed_by_its_own_path(bare: Bare) -> None:
    answer = bare.answer("Secret_create", {"value": "1"}, secret_name="A")
    assert (answer.status, answer.body["version"], answer.body["name"]) == (201, 1, "A")
    assert bare.call("Secret_delete", secret_name="A") == {"version": 2, "Version": 2}
    for operation in ("Secret_get", "Secret_delete"):
        with pytest.raises(WireError) as caught:
            bare.call(operation, secret_name="A")
        assert caught.value.status == 404


@pytest.mark.parametrize("parameter", ["min_version", "version"])
def test_a_version_that_is_not_there_yet_is_refused(bare: Bare, parameter: str) -> None:
    _set(bare, A="1")
    assert bare.call("Secrets_list", query=f"{parameter}=1")["secrets"]
    for text, status in (("2", 412), ("x", 400)):
        with pytest.raises(WireError) as caught:
            bare.call("Secrets_list", query=f"{parameter}={text}")
        assert caught.value.status == status


def test_an_empty_batch_is_no_new_version(bare: Bare) -> None:
    assert _set(bare)["version"] == 0
    assert bare.app.secrets == {}
