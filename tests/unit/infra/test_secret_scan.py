"""A secret value in an environment file is refused with its key path, and is never repeated."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.config.load import parse_environment
from infra.config.secret_scan import scan_text, scan_tree
from infra.config.secret_shapes import is_secret_like
from lifeboat.core.errors import ConfigError
from tests.unit.infra.texts import KNOWN, changed, text_of, tree_of

# Put together here so that no scanner of repositories takes this file for a leak.
PIECES = {
    "aws": "AKIA" + "IOSFODNN7EXAMPLE",
    "github": "ghp" + "_16C7e42F292c6912E7710c838347Ae178B4a",
    "fly": "FlyV1 " + "fm2_lJPECAAAAAAAACg",
    "slack": "https://hooks.slack" + ".com/services/T000/B000/XXXX",
    "pagerduty": "https://events.pagerduty" + ".com/integration/abc/enqueue",
    "stripe": "sk" + "_live_4eC39HqLyjWDarjtT1",
    "jwt": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sig",
    "url": "postgres://user" + ":hunter2@db.example.com/app",
    "hex": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    "base64": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ",
    "pem": "-----BEGIN " + "PRIVATE KEY-----",
}


def refusal_of(text: str) -> str:
    with pytest.raises(ConfigError) as refusal:
        parse_environment(text, "production", "file")
    return str(refusal.value)


@pytest.mark.parametrize("kind", PIECES)
def test_a_secret_in_place_of_a_text_is_refused_at_its_key(kind: str) -> None:
    message = refusal_of(changed("production", ("network.waiver", PIECES[kind])))
    assert "network.waiver: looks like a secret value; secret values are never written here" in message
    assert PIECES[kind] not in message


@pytest.mark.parametrize("kind", sorted(set(PIECES) - {"hex", "base64"}))
def test_a_secret_in_a_comment_is_refused_at_its_line(kind: str) -> None:
    message = refusal_of(f"# {PIECES[kind]}\n{text_of('production')}")
    assert message.startswith("line 1: looks like a")
    assert PIECES[kind] not in message


@pytest.mark.parametrize(
    "key",
    ["value", "password", "db_password", "secret", "jwt_secret", "token", "API-KEY", "secure", "private_key"],
)
def test_a_telling_key_is_refused_whatever_its_value(key: str) -> None:
    message = refusal_of(changed("production", (f"secrets.0.{key}", "hunter2")))
    assert message.startswith(f"secrets[0].{key}: looks like a secret value;")
    assert "hunter2" not in message
    assert "unknown key" not in message


def test_a_secret_under_a_key_that_does_not_exist_or_as_the_key_is_not_repeated() -> None:
    secret = PIECES["base64"]
    message = refusal_of(changed("production", ("database.note", secret), (f"backups.{secret}", 1)))
    assert "database.note: looks like a secret value" in message
    assert "backups.(hidden): unknown key" in message
    assert secret not in message


def test_a_secret_on_a_line_that_is_not_yaml_is_not_repeated() -> None:
    message = refusal_of(f"config:\n  a: '{PIECES['base64']}\n")
    assert message.startswith("file: line ")
    assert PIECES["base64"] not in message


def test_a_secret_that_has_the_wrong_type_is_not_repeated_either() -> None:
    message = refusal_of(changed("production", ("database.storage_gib", PIECES["hex"])))
    assert "database.storage_gib: looks like a secret value" in message
    assert "must be a whole number" not in message
    assert PIECES["hex"] not in message


@pytest.mark.parametrize("environment", [*KNOWN, "reference"])
def test_the_real_files_hold_nothing_that_looks_like_a_secret(environment: str) -> None:
    assert list(scan_text(text_of(environment))) == []
    assert list(scan_tree(tree_of(environment))) == []


@settings(deadline=None)
@given(st.text(alphabet=string.ascii_letters + string.digits, min_size=32, max_size=64))
def test_random_letters_and_digits_are_found_and_never_shown(secret: str) -> None:
    varied = len(set(secret)) >= 20 and any(each.isdigit() for each in secret)
    found = list(scan_tree({"a": {"b": [secret]}}))
    assert not varied or [each.path for each in found] == [("a", "b", 0)]
    assert all(secret not in str(each) for each in found)


@settings(deadline=None)
@given(st.lists(st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=12), min_size=1, max_size=8))
def test_names_made_of_words_are_not_taken_for_secrets(words: list[str]) -> None:
    assert not is_secret_like("-".join(words))
    assert not is_secret_like(" ".join(words))
