"""The codec and the marks: values to the wire and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.providerkit import codec, marks
from lifeboat.providerkit.values import UNKNOWN, Archive, Asset, ResourceReference, SecretValue

_SCALARS = (
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9)
    | st.just(UNKNOWN)
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        | st.builds(SecretValue, inner)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), _VALUES, max_size=4))
def test_what_is_encoded_is_decoded_again(properties: dict[str, Any]) -> None:
    assert codec.decode(codec.encode(properties)) == properties


def test_whole_numbers_come_back_as_int_and_others_as_float() -> None:
    decoded = codec.decode(codec.encode({"whole": 3.0, "part": 0.5, "flag": True}))
    assert decoded == {"whole": 3, "part": 0.5, "flag": True}
    assert [type(decoded[key]) for key in ("whole", "part", "flag")] == [int, float, bool]


@pytest.mark.parametrize(
    "value",
    [
        ResourceReference(urn="urn:x", id="i", package_version="1.0.0"),
        Asset(hash="h", text="t"),
        Asset(hash="h"),
        Archive(hash="h", path="p"),
        Archive(hash="h", assets={"a": Asset(hash="g", uri="u")}),
        SecretValue(None),
    ],
)
def test_wrapped_values_survive_the_wire(value: object) -> None:
    assert codec.decode(codec.encode({"key": [value]})) == {"key": [value]}


def test_every_spelling_of_unknown_is_understood() -> None:
    typed = {"text": codec.UNKNOWN_TEXT, "number": "3eeb2bf0-c639-47a8-9e75-3b44932eb421"}
    assert codec.decode(codec.encode(typed)) == {"text": UNKNOWN, "number": UNKNOWN}


def test_output_values_are_unwrapped() -> None:
    secret = {codec.SIGNATURE_KEY: codec.OUTPUT_SIGNATURE, "value": "v", "secret": True, "dependencies": []}
    unknown = {codec.SIGNATURE_KEY: codec.OUTPUT_SIGNATURE}
    decoded = codec.decode(codec.encode({"secret": secret, "unknown": unknown}))
    assert decoded == {"secret": SecretValue("v"), "unknown": UNKNOWN}


def test_nothing_is_left_of_a_null() -> None:
    assert codec.decode(codec.encode({"a": None, "b": {"c": None}})) == {"b": {}}


def test_a_value_the_wire_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        codec.encode({"a": {1, 2}})


def test_marks_come_off_and_go_back_where_they_were() -> None:
    marked = {"a": [{"b": SecretValue("s"), "c": 1}], "d": SecretValue({"e": UNKNOWN})}
    paths = marks.secret_paths(marked)
    assert paths == {("a", 0, "b"), ("d",)}
    assert marks.remark(marks.strip(marked), paths) == marks.remark(marked, paths) == marked


def test_a_mark_whose_place_is_gone_goes_on_the_whole_property() -> None:
    assert marks.remark({"a": ["x"], "b": None}, [("a", 3), ("b",), ("c",)]) == {
        "a": SecretValue(["x"]),
        "b": None,
    }


def test_unknowns_are_found_under_marks_too() -> None:
    assert marks.unknown_paths({"a": SecretValue([1, UNKNOWN]), "b": 1}) == (("a", 1),)


def test_a_secret_value_does_not_print() -> None:
    assert "hunter2" not in repr({"a": SecretValue("hunter2")})
