"""Property paths and URNs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.core.errors import ConfigError
from lifeboat.providerkit.paths import ANY, Path, format_path, is_above, matches, parse_path, starts_with
from lifeboat.providerkit.urn import parse_urn

_STEPS = st.lists(st.integers(0, 99) | st.text(min_size=1, max_size=6).filter(lambda text: text != ANY))


@given(_STEPS.filter(lambda steps: not steps or isinstance(steps[0], str)))
def test_a_path_reads_back_as_it_was_written(steps: list[str | int]) -> None:
    assert parse_path(format_path(tuple(steps))) == tuple(steps)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("a",), "a"),
        (("rules", 0, "noncurrentDays"), "rules[0].noncurrentDays"),
        (("tags", "a.b"), 'tags["a.b"]'),
        (("rules", ANY, "id"), "rules[*].id"),
    ],
)
def test_paths_are_written_as_the_engine_writes_them(path: Path, text: str) -> None:
    assert format_path(path) == text
    assert parse_path(text) == path


@pytest.mark.parametrize("text", ["a[", "a]b", "[x]", 'a["'])
def test_nonsense_is_no_path(text: str) -> None:
    with pytest.raises(ConfigError, match="not a property path"):
        parse_path(text)


def test_patterns_name_places() -> None:
    pattern = parse_path("rules[*].id")
    assert matches(("rules", 3, "id"), pattern)
    assert starts_with(("rules", 3, "id", "x"), pattern)
    assert is_above(("rules", 3), pattern)
    assert not is_above(("rules", 3, "id"), pattern)
    assert not starts_with(("rules", 3), pattern)


def test_a_urn_is_taken_apart() -> None:
    urn = parse_urn("urn:pulumi:local::lifeboat::a:b:C$aws:s3/bucket:Bucket::my::name")
    assert (urn.stack, urn.project, urn.type, urn.name) == (
        "local",
        "lifeboat",
        "aws:s3/bucket:Bucket",
        "my::name",
    )


@pytest.mark.parametrize("text", ["", "urn:pulumi:local::p::t", "local::p::t::n"])
def test_anything_else_is_no_urn(text: str) -> None:
    with pytest.raises(ConfigError, match="not a resource URN"):
        parse_urn(text)
