"""Every declared type, held against the SDK: no pattern names a property that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lifeboat.core.errors import ConfigError
from lifeboat.providerkit.paths import ANY, Path, parse_path
from localcloud.provider_aws.registry import all_types, type_of
from localcloud.provider_aws.resource_type import ResourceType
from localcloud.provider_aws.shape import Fields, Shape, TypeExpression
from localcloud.provider_aws.shape_cache import shape_of

TYPES = {kind.type: kind for kind in all_types()}


def _patterns(kind: ResourceType) -> Iterator[str]:
    for patterns in (kind.force_new, kind.sticky, kind.unordered, kind.json):
        yield from patterns
    for table in (kind.defaults, kind.same, kind.write_only):
        yield from table


def _exists(path: Path, fields: Fields, shape: Shape) -> bool:
    name, rest = str(path[0]), path[1:]
    return name in fields and _inside(rest, fields[name].type, shape)


def _inside(rest: Path, kind: TypeExpression, shape: Shape) -> bool:
    if not rest:
        return True
    if kind[0] == "list":
        return rest[0] == ANY and _inside(rest[1:], kind[1], shape)
    return kind[0] == "object" and _exists(rest, shape.objects[str(kind[1])], shape)


@pytest.mark.parametrize("token", TYPES)
def test_every_pattern_names_a_property_of_the_sdk(token: str) -> None:
    kind, shape = TYPES[token], shape_of(token)
    missing = [text for text in _patterns(kind) if not _exists(parse_path(text), shape.inputs, shape)]
    assert missing == []
    assert {*kind.volatile, *kind.hidden} <= shape.outputs | shape.inputs.keys()


@pytest.mark.parametrize("token", TYPES)
def test_every_write_only_property_says_why_and_every_name_has_its_place(token: str) -> None:
    kind, shape = TYPES[token], shape_of(token)
    assert all(kind.write_only.values())
    if kind.name:
        assert kind.name.key in shape.inputs
        assert not kind.name.prefix_key or kind.name.prefix_key in shape.inputs


def test_a_type_is_found_by_its_token() -> None:
    assert all(type_of(token) is kind for token, kind in TYPES.items())


@pytest.mark.parametrize(
    "token", ["aws:s3/inventory:Inventory", "aws:ec2/vpc:Subnet", "aws:bucket", "aws:nothing/here:Here"]
)
def test_a_type_that_is_not_declared_is_refused_clearly(token: str) -> None:
    with pytest.raises(ConfigError, match="aws"):
        type_of(token)
