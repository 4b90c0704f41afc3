"""The list of deviations is about operations and schemas that exist, and the description can be checked."""

from __future__ import annotations

import pytest

from localcloud.fly.openapi.check import OutsideDescription, check_of
from localcloud.fly.openapi.description import description, operations
from localcloud.fly.openapi.deviations import DEVIATIONS, Deviation
from localcloud.fly.wire_error import WireError

_NAMES = [f"{each.operations[0]}: {each.what}" for each in DEVIATIONS]


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=_NAMES)
def test_a_deviation_meets_something_and_names_its_source(deviation: Deviation) -> None:
    assert any(deviation.meets(name) for name in operations())
    assert deviation.source
    schemas = description()["components"]["schemas"]
    assert all(place.rpartition(".")[0] in schemas for place in deviation.properties)


def test_no_deviation_repeats_what_the_description_says() -> None:
    for deviation in DEVIATIONS:
        for name, (_, _, operation) in operations().items():
            said = {part["name"]: part["schema"] for part in operation.get("parameters", ())}
            if deviation.meets(name):
                assert not [key for key, schema in deviation.query.items() if said.get(key) == schema]


@pytest.mark.parametrize("operation_id", sorted(operations()))
def test_every_operation_can_be_checked(operation_id: str) -> None:
    check = check_of(operation_id)
    assert check is not None
    with pytest.raises(OutsideDescription):
        check.check_answer(299, None)
    with pytest.raises(OutsideDescription):
        check.check_answer(401, {"error": 7})
    with pytest.raises(WireError):
        check.check_request({"no-such-parameter": [""]}, None)


def test_an_operation_of_ours_is_not_checked() -> None:
    assert check_of("Lifeboat_something") is None
