"""What a secret looks like: the shapes of known kinds, and randomness. Texts in, yes or no out."""

from __future__ import annotations

import math
import re
from collections import Counter

_PATTERNS = {
    "an AWS access key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a private key": r"-----BEGIN [A-Z ]*(?:PRIVATE KEY|CERTIFICATE)",
    "an address with a password": r"://[^/\s:@\"']*:(?!\{value\}@)[^/\s:@\"']+@",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})",
    "a Fly.io token": r"\b(?:FlyV1 \S|fo1_\w{10,}|fm[12][a-z]*_\S{10,})",
    "a Slack token or webhook": r"\bxox[abprs]-\S{8,}|hooks\.slack\.com/services/\S",
    "a PagerDuty integration address": r"events\.pagerduty\.com/integration/\S",
    "a Stripe key": r"\b[rs]k_(?:live|test)_\w{10,}",
    "a JSON web token": r"\beyJ[\w-]{10,}\.[\w-]{5,}",
}
SHAPES = {what: re.compile(pattern) for what, pattern in _PATTERNS.items()}
"""Shapes that are never anything but a secret, by what they are."""

# What names an image for everybody to see looks random and opens nothing.
_IMAGE_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}\b")
_WORD = re.compile(r"[A-Za-z0-9+/=_-]{20,}")
_RUN = re.compile(r"[A-Za-z0-9]{20,}")
_HEX = re.compile(r"[0-9a-f]{32,}", re.IGNORECASE)
# Twenty random characters measure 3.6 bits a character and more; words joined by dashes hold no long run of
# letters and digits, and seldom both cases.
_RANDOM_BITS = 3.5
_HIDDEN = "(hidden)"


def is_secret_like(text: str) -> bool:
    """Tell whether a text has the shape of a secret, or a part that looks random."""
    if any(pattern.search(text) for pattern in SHAPES.values()):
        return True
    return any(_is_random(word) for word in _WORD.findall(_IMAGE_DIGEST.sub("", text)))


def hide(key: str) -> str:
    """Return a key as a message may show it: itself, unless somebody wrote a secret where a key belongs."""
    return _HIDDEN if is_secret_like(key) else key


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
