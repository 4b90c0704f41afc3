"""The difference between old and new inputs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.providerkit.compare import Rules, compare
from lifeboat.providerkit.paths import format_path, parse_path
from lifeboat.providerkit.values import UNKNOWN

_JSON = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
_MAPS = st.dictionaries(st.text(min_size=1, max_size=3), _JSON, max_size=4)


def _changes(old: dict[str, Any], new: dict[str, Any], rules: Rules | None = None) -> dict[str, str]:
    found = compare(old, new, rules or Rules())
    return {format_path(path): kind.value for path, kind in found.items()}


def _rules(**patterns: tuple[str, ...]) -> Rules:
    parsed: dict[str, Any] = {name: tuple(map(parse_path, texts)) for name, texts in patterns.items()}
    return Rules(**parsed)


@given(_MAPS)
def test_nothing_differs_from_itself(value: dict[str, Any]) -> None:
    assert _changes(value, value) == {}


@given(_MAPS, _MAPS)
def test_a_difference_is_seen_from_both_sides(old: dict[str, Any], new: dict[str, Any]) -> None:
    opposite = {"ADD": "DELETE", "DELETE": "ADD", "UPDATE": "UPDATE"}
    there, back = _changes(old, new), _changes(new, old)
    assert {path: opposite[kind] for path, kind in there.items()} == back


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 2}, {"a": "UPDATE"}),
        ({}, {"a": 1}, {"a": "ADD"}),
        ({"a": 1}, {}, {"a": "DELETE"}),
        ({"a": None}, {}, {}),
        ({"a": 1}, {"a": True}, {"a": "UPDATE"}),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3, 4]}}, {"a.b[1]": "UPDATE", "a.b[2]": "ADD"}),
        ({"a": {"b.c": 1}}, {"a": {}}, {'a["b.c"]': "DELETE"}),
        ({"a": 1}, {"a": UNKNOWN}, {"a": "UPDATE"}),
        ({"a": [1]}, {"a": UNKNOWN}, {"a": "UPDATE"}),
        ({"__defaults": ["a"]}, {"__defaults": []}, {}),
    ],
)
def test_kinds_and_paths(old: dict[str, Any], new: dict[str, Any], expected: dict[str, str]) -> None:
    assert _changes(old, new) == expected


def test_a_force_new_property_replaces_at_any_depth() -> None:
    rules = _rules(force_new=("a", "b[*].c"))
    assert _changes({"a": {"x": 1}}, {"a": {"x": 2}}, rules) == {"a.x": "UPDATE_REPLACE"}
    assert _changes({"b": []}, {"b": [{"c": 1}]}, rules) == {"b[0]": "ADD_REPLACE"}
    assert _changes({"b": []}, {"b": [{"d": 1}]}, rules) == {"b[0]": "ADD"}
    assert _changes({"a": 1}, {}, rules) == {"a": "DELETE_REPLACE"}
    assert _changes({"a": 1}, {"a": UNKNOWN}, rules) == {"a": "UPDATE_REPLACE"}


def test_ignored_paths_do_not_count_also_inside_what_is_added() -> None:
    rules = _rules(ignored=("a.b", "c"))
    assert _changes({"a": {"b": 1, "d": 1}}, {"a": {"b": 2, "d": 2}}, rules) == {"a.d": "UPDATE"}
    assert _changes({}, {"a": {"b": 1}, "c": {"x": 1}}, rules) == {}
    assert _changes({}, {"a": {"b": 1, "d": 1}}, rules) == {"a.d": "ADD"}


def test_the_order_of_a_set_does_not_matter() -> None:
    rules = _rules(unordered=("a", "b[*].c"))
    assert _changes({"a": ["x", "y"]}, {"a": ["y", "x"]}, rules) == {}
    assert _changes({"a": ["x", "y"]}, {"a": ["y", "z", "x"]}, rules) == {"a[1]": "ADD"}
    assert _changes({"a": ["x", "y"]}, {"a": ["y", "z"]}, rules) == {"a[0]": "DELETE", "a[1]": "ADD"}
    assert _changes({"b": [{"c": [1, 2]}]}, {"b": [{"c": [2, 1]}]}, rules) == {}


def test_silence_about_what_the_service_fills_in_is_no_change() -> None:
    rules = _rules(sticky=("a", "b[*].id"))
    assert _changes({"a": 1, "b": [{"id": "x", "n": 1}]}, {"b": [{"n": 1}]}, rules) == {}
    assert _changes({"a": 1}, {"a": 2}, rules) == {"a": "UPDATE"}


def test_a_type_may_say_what_else_is_the_same() -> None:
    rules = Rules(same=lambda path, old, new: path == ("a",) and str(old).lower() == str(new).lower())
    assert _changes({"a": "X", "b": "X"}, {"a": "x", "b": "x"}, rules) == {"b": "UPDATE"}
