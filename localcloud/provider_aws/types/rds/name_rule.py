"""Which names a service takes, and that a program gives a name or a prefix of one, never both.

Pure; the genuine provider says the same before it calls anything, so a preview fails as it does there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.complete import DEFAULTS

_GENERATED = 26
"""Characters that a generated name appends to its prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRule:
    """The names of one type.

    Args:
        key, prefix_key: the inputs with the name, and with the prefix of a generated one.
        longest: characters of a whole name.
        letters: what a name consists of: a pattern for one character, and its words.
        is_word: whether a name begins with a letter and has no doubled and no trailing hyphen.
    """

    key: str = "name"
    prefix_key: str = "namePrefix"
    longest: int = 255
    letters: tuple[str, str]
    is_word: bool = True

    def failures(self, inputs: Properties) -> Iterator[PropertyFailure]:
        """Find what is wrong with the name and the prefix; values may be UNKNOWN."""
        name, prefix = inputs.get(self.key), inputs.get(self.prefix_key)
        is_given = name is not None and self.key not in inputs.get(DEFAULTS, ())
        if is_given and prefix is not None:
            yield PropertyFailure(path=self.prefix_key, reason=f"conflicts with {self.key}: give only one")
        if is_given:
            yield from self._faults(self.key, name, self.longest, is_prefix=False)
        if prefix is not None:
            yield from self._faults(self.prefix_key, prefix, self.longest - _GENERATED, is_prefix=True)

    def _faults(self, key: str, text: Value, longest: int, *, is_prefix: bool) -> Iterator[PropertyFailure]:
        if not isinstance(text, str):
            return
        pattern, words = self.letters
        if not re.fullmatch(f"(?:{pattern})+", text):
            yield PropertyFailure(path=key, reason=f"only {words} allowed, not {text!r}")
        if len(text) > longest:
            yield PropertyFailure(path=key, reason=f"longer than {longest} characters")
        if self.is_word:
            yield from _word_faults(key, text, is_prefix=is_prefix)


def _word_faults(key: str, text: str, *, is_prefix: bool) -> Iterator[PropertyFailure]:
    if not re.match("[A-Za-z]", text):
        yield PropertyFailure(path=key, reason="must begin with a letter")
    if "--" in text:
        yield PropertyFailure(path=key, reason="cannot contain two consecutive hyphens")
    if text.endswith("-") and not is_prefix:
        yield PropertyFailure(path=key, reason="cannot end in a hyphen")
