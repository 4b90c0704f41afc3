"""Finds secret values in an environment file, where only names of secrets belong.

Looks at the whole text, comments included, for shapes that are never anything else, and at every value for
telling keys and for randomness. Must never repeat what it found: a message goes to terminals, logs and pull
requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from infra.config.problem import Problem
from infra.config.secret_shapes import SHAPES, hide, is_secret_like
from infra.config.yaml_source import Tree

_TELLING_KEY = re.compile(
    r"(?:^|_)(?:value|passw(?:or)?d|passphrase|secret|secure|token|(?:api|access|secret|private)_?key(?:_id)?"
    r"|credentials?|dsn|connection_string|database_url|webhook_url)$"
)
_NAMES_OF_SECRETS = frozenset({"master_secret", "url_secret"})
_ADVICE = "secret values are never written here; name the secret in `secrets` and set it with its command"


def scan_text(text: str) -> Iterator[Problem]:
    """Yield a problem for each line of a file, comments included, that has the shape of a secret."""
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in SHAPES.items():
            if pattern.search(line):
                yield Problem(path=(f"line {number}",), message=f"looks like {what}; {_ADVICE}")


def scan_tree(tree: Tree, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Yield a problem for each value under a telling key and each that looks random or like a secret."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            here = (*path, hide(str(key)))
            if _is_telling(str(key)) and value is not None:
                yield Problem(path=here, message=f"looks like a secret value; {_ADVICE}")
            else:
                yield from scan_tree(value, here)
    elif isinstance(tree, list):
        for position, value in enumerate(tree):
            yield from scan_tree(value, (*path, position))
    elif isinstance(tree, str) and is_secret_like(tree):
        yield Problem(path=path, message=f"looks like a secret value; {_ADVICE}")


def _is_telling(key: str) -> bool:
    name = key.lower().replace("-", "_")
    return name not in _NAMES_OF_SECRETS and _TELLING_KEY.search(name) is not None
