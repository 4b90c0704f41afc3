"""From the text of an environment file to a plain tree, refusing what YAML would let pass in silence.

Duplicate keys, tabs and the surprises of YAML 1.1 (`on` as true, `02:00` as a number, dates) are problems or
plain texts here. Must never quote the file in a message: the line may hold what `secret_scan` looks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from infra.config.problem import Problem
from infra.config.secret_shapes import hide

Tree = Any
"""What a YAML file decodes to: mappings, lists, texts, numbers, booleans, nulls. Untyped until validated."""
Path = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """Knows the types of JSON only."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"null|~|", ["n", "~", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?[0-9]+\.[0-9]+", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


_JSON_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str", "int", "float", "bool", "null")
)


def parse(text: str) -> tuple[Tree, tuple[Problem, ...]]:
    """Decode a file.

    Returns:
        The tree and the problems of its form; the tree is None when the text is empty or cannot be decoded.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
        if node is None:
            return None, (Problem(path=(), message="is empty"),)
        foreign = tuple(_foreign_problems(node, (), set()))
        if foreign:
            return None, foreign
        return _Loader("").construct_document(node), tuple(_form_problems(node, ()))
    except yaml.MarkedYAMLError as error:
        return None, (_syntax_problem(error),)
    except (yaml.YAMLError, ValueError):
        return None, (Problem(path=(), message="holds characters that YAML does not allow"),)
    except RecursionError:
        return None, (Problem(path=(), message="is nested too deeply"),)


def _syntax_problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    what = re.sub(r"'[^']{3,}'|\"[^\"]{3,}\"", "that text", error.problem or error.context or "not YAML")
    if "\\t" in what:
        what = "a tab cannot indent; use spaces"
    return Problem(path=(), message=f"{where}{what}")


def _children(node: yaml.Node, path: Path) -> Iterator[tuple[yaml.Node, Path]]:
    if isinstance(node, yaml.SequenceNode):
        yield from ((item, (*path, position)) for position, item in enumerate(node.value))
    if isinstance(node, yaml.MappingNode):
        yield from ((value, (*path, _key_text(key))) for key, value in node.value)


def _key_text(key: yaml.Node) -> str:
    return hide(str(key.value)) if isinstance(key, yaml.ScalarNode) else "?"


def _foreign_problems(node: yaml.Node, path: Path, seen: set[int]) -> Iterator[Problem]:
    """Yield what YAML readers might expand or execute: tags beyond JSON's types, repeated containers."""
    line = node.start_mark.line + 1
    if node.tag not in _JSON_TAGS:
        yield Problem(path=path, message=f"has a tag (line {line}); only plain values are read")
    elif not isinstance(node, yaml.ScalarNode):
        if id(node) in seen:
            yield Problem(path=path, message=f"repeats what is on line {line} by an alias; write it out")
            return
        seen.add(id(node))
    for child, here in _children(node, path):
        yield from _foreign_problems(child, here, seen)


def _form_problems(node: yaml.Node, path: Path) -> Iterator[Problem]:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, _ in node.value:
            here, line = (*path, _key_text(key)), key.start_mark.line + 1
            name = str(key.value)
            if name in seen:
                yield Problem(path=here, message=f"is there twice, on lines {seen[name]} and {line}")
            seen.setdefault(name, line)
            if not key.tag.endswith(":str"):
                yield Problem(path=here, message=f"keys must be texts (line {line})")
    for child, here in _children(node, path):
        yield from _form_problems(child, here)
