"""Sources of secrets: how values are composed, and which region answers."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.core.errors import ConfigError
from lifeboat.core.secret import Secret
from lifeboat.fly.provider.secrets.lookup import NoRegionAnswers, SourceLookup
from lifeboat.fly.provider.secrets.source import SecretSource
from tests.fly_provider.secrets_manager import ScriptedSecrets

HOME, OTHER = "us-west-1", "us-east-2"


def _source(**fields: str) -> SecretSource:
    return SecretSource(secret="db", regions=(HOME, OTHER), **fields)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_value_survives_inside_a_url(password: str) -> None:
    source = _source(template="postgresql://app:{value}@db.internal:5432/app?sslmode=require")
    parts = urlsplit(source.value_of(Secret(password)).reveal())
    assert unquote(parts.password or "") == password
    assert (parts.hostname, parts.port, parts.path) == ("db.internal", 5432, "/app")


def test_a_value_without_a_template_is_sent_as_it_is() -> None:
    assert _source().value_of(Secret(" a%b/{value} ")).reveal() == " a%b/{value} "


@pytest.mark.parametrize(("kept", "value"), [('{"password": "p w"}', "p w"), ('{"password": 5}', "5")])
def test_a_field_of_a_json_secret_is_taken(kept: str, value: str) -> None:
    assert _source(field="password").value_of(Secret(kept)).reveal() == value


@pytest.mark.parametrize(
    "kept", ["hunter2", '["hunter2"]', '{"pass": "hunter2"}', '{"password": {"x": "hunter2"}}']
)
def test_a_secret_without_the_field_is_an_error_that_does_not_quote_it(kept: str) -> None:
    with pytest.raises(ConfigError) as error:
        _source(field="password").value_of(Secret(kept))
    assert "hunter2" not in str(error.value)


def test_the_first_region_that_has_a_value_answers() -> None:
    reader = ScriptedSecrets({(HOME, "db"): "one", (OTHER, "db"): "three"})
    lines: list[str] = []
    found = SourceLookup(lambda: reader, lines.append).current(_source())
    assert found is not None
    assert found.value.reveal() == "one"
    assert (reader.asked, lines) == ([HOME], [])


def test_a_region_that_does_not_answer_is_a_warning_and_is_asked_once() -> None:
    reader = ScriptedSecrets({(OTHER, "db"): "one", (OTHER, "jwt"): "two"})
    lines: list[str] = []
    reader.silent = {HOME}
    lookup = SourceLookup(lambda: reader, lines.append)
    assert lookup.current_version(_source()) == "version-of-3"
    assert lookup.current_version(SecretSource(secret="jwt", regions=(HOME, OTHER))) == "version-of-3"
    assert reader.asked == [HOME, OTHER, OTHER]
    assert lines == [f"warning: {HOME} does not answer"]


@pytest.mark.parametrize("silent", [{HOME}, {HOME, OTHER}])
def test_without_an_answer_from_everywhere_a_secret_does_not_count_as_missing(silent: set[str]) -> None:
    reader = ScriptedSecrets({})
    reader.silent = silent
    with pytest.raises(NoRegionAnswers, match="secret db: no answer from us-west-1"):
        SourceLookup(lambda: reader, lambda _: None).current_version(_source())


def test_a_secret_that_no_region_has_is_missing() -> None:
    assert SourceLookup(lambda: ScriptedSecrets({}), lambda _: None).current(_source()) is None
