"""Finds secret values in an environment file, where only names of secrets belong.

Looks at the whole text, comments included, for shapes that are never anything else, and at every value for
telling keys and for randomness. Must never repeat what it found: a message goes to terminals, logs and pull
requests.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from infra.config.problem import Problem
from infra.config.yaml_source import Tree

_SHAPES = {
    "an AWS access key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a private key": r"-----BEGIN [A-Z ]*(?:PRIVATE KEY|CERTIFICATE)",
    "an address with a password": r"://[^/\s:@\"']*:[^/\s:@\"']+@",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})",
    "a Fly.io token": r"\b(?:FlyV1 \S|fo1_\w{10,}|fm[12][a-z]*_\S{10,})",
    "a Slack token or webhook": r"\bxox[abprs]-\S{8,}|hooks\.slack\.com/services/\S",
    "a PagerDuty integration address": r"events\.pagerduty\.com/integration/\S",
    "a Stripe key": r"\b[rs]k_(?:live|test)_\w{10,}",
    "a JSON web token": r"\beyJ[\w-]{10,}\.[\w-]{5,}",
}
_PATTERNS = {what: re.compile(shape) for what, shape in _SHAPES.items()}
_TELLING_KEY = re.compile(
    r"(?:^|_)(?:value|passw(?:or)?d|passphrase|secret|secure|token|(?:api|access|secret|private)_?key(?:_id)?"
    r"|credentials?|dsn|connection_string|database_url|webhook_url)$"
)
_NAMES_OF_SECRETS = frozenset({"master_secret", "url_secret"})
_WORD = re.compile(r"[A-Za-z0-9+/=_-]{20,}")
_RUN = re.compile(r"[A-Za-z0-9]{20,}")
_HEX = re.compile(r"[0-9a-f]{32,}", re.IGNORECASE)
# Twenty random characters measure 3.6 bits a character and more; words joined by dashes hold no long run of
# letters and digits, and seldom both cases.
_RANDOM_BITS = 3.5
_HIDDEN = "(hidden)"
_ADVICE = "secret values are never written here; name the secret in `secrets` and set it with its command"


def scan_text(text: str) -> Iterator[Problem]:
    """Yield a problem for each line of a file, comments included, that has the shape of a secret."""
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in _PATTERNS.items():
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


def is_secret_like(text: str) -> bool:
    """Tell whether a text has the shape of a secret, or a part that looks random."""
    if any(pattern.search(text) for pattern in _PATTERNS.values()):
        return True
    return any(_is_random(word) for word in _WORD.findall(text))


def hide(key: str) -> str:
    """Return a key as a message may show it: itself, unless somebody wrote a secret where a key belongs."""
    return _HIDDEN if is_secret_like(key) else key


def _is_telling(key: str) -> bool:
    name = key.lower().replace("-", "_")
    return name not in _NAMES_OF_SECRETS and _TELLING_KEY.search(name) is not None


def _is_random(word: str) -> bool:
    if _HEX.fullmatch(word):
        return True
    has_digit, has_lower, has_upper = (re.search(kind, word) for kind in ("[0-9]", "[a-z]", "[A-Z]"))
    in_one_run = _RUN.search(word) and has_digit and (has_lower or has_upper)
    of_all_kinds = has_digit and has_lower and has_upper
    return bool(in_one_run or of_all_kinds) and _bits_per_character(word) >= _RANDOM_BITS


def _bits_per_character(text: str) -> float:
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)
