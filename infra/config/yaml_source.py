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

Tree = Any
"""What a YAML file decodes to: mappings, lists, texts, numbers, booleans, nulls. Untyped until validated."""


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


def parse(text: str) -> tuple[Tree, tuple[Problem, ...]]:
    """Decode a file.

    Returns:
        The tree and the problems of its form; the tree is None when the text is empty or cannot be decoded.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
        if node is None:
            return None, (Problem(path=(), message="is empty"),)
        problems = tuple(_form_problems(node, ()))
        return yaml.load(text, Loader=_Loader), problems  # noqa: S506  # a SafeLoader with fewer types
    except yaml.MarkedYAMLError as error:
        return None, (_syntax_problem(error),)
    except (yaml.YAMLError, ValueError):
        return None, (Problem(path=(), message="holds characters that YAML does not allow"),)


def _syntax_problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    what = re.sub(r"'[^']{3,}'|\"[^\"]{3,}\"", "that text", error.problem or error.context or "not YAML")
    if "\\t" in what:
        what = "a tab cannot indent; use spaces"
    return Problem(path=(), message=f"{where}{what}")


def _form_problems(node: yaml.Node, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            yield from _form_problems(item, (*path, position))
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            here = (*path, name)
            if name in seen:
                yield Problem(path=here, message=f"is there twice, on lines {seen[name]} and {line}")
            seen.setdefault(name, line)
            if not isinstance(key, yaml.ScalarNode) or not key.tag.endswith(":str"):
                yield Problem(path=here, message=f"keys must be texts (line {line})")
            yield from _form_problems(value, here)
