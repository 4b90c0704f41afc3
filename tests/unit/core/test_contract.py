"""The contract is strict, versioned and carries no secret value."""

import json

import pytest

from lifeboat.core.contract import Contract, json_schema, parse_contract
from lifeboat.core.errors import ConfigError
from tests.builders import a_contract, a_contract_document


def test_it_survives_a_round_trip_through_json() -> None:
    contract = a_contract()
    assert parse_contract(json.loads(contract.model_dump_json()), source="test") == contract


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_version_is_refused_with_a_hint(version: object) -> None:
    with pytest.raises(ConfigError, match="schema version") as caught:
        parse_contract({**a_contract_document(), "schema_version": version}, source="here")
    assert caught.value.message.startswith("here: ")
    assert caught.value.hint


@pytest.mark.parametrize("document", [None, [], "x", 3, {}])
def test_what_is_not_a_document_is_refused(document: object) -> None:
    with pytest.raises(ConfigError, match="schema version"):
        parse_contract(document, source="here")


def test_every_problem_is_named_with_its_path() -> None:
    document = a_contract_document()
    document["objectives"]["rto_minutes"] = 0
    document["topology"]["primary_region"] = "mars"
    document["extra"] = 1
    with pytest.raises(ConfigError) as caught:
        parse_contract(document, source="here")
    assert {line.split(":")[0] for line in caught.value.message.splitlines()[1:]} == {
        "objectives.rto_minutes",
        "topology.primary_region",
        "extra",
    }


def test_it_has_no_moment_and_no_value_of_a_secret() -> None:
    text = json.dumps(json_schema())
    assert "date-time" not in text
    assert set(Contract.model_fields["secrets"].annotation.__args__[1].model_fields) == {  # type: ignore[union-attr]  # pydantic keeps the plain annotation
        "name",
        "arns",
        "purpose",
        "rotation_days",
        "generated",
        "database_role",
    }
