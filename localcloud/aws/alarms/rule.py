"""The rule of a composite alarm: parsed once to refuse what is wrong, then evaluated over its children; pure.

rule  := term (OR term)*        term := factor (AND factor)*
factor := NOT factor | "(" rule ")" | TRUE | FALSE | state "(" name ")"
state := ALARM | OK | INSUFFICIENT_DATA
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from localcloud.aws.alarms.decision import State

States = Callable[[str], State]
"""Tells the state of a child by name or ARN."""
Rule = Callable[[States], bool]

_TOKEN = re.compile(r'\s*(?:"(?P<quoted>[^"]+)"|\'(?P<single>[^\']+)\'|(?P<mark>[()])|(?P<word>[^\s()"\']+))')


class RuleError(ValueError):
    """The text is not an alarm rule."""


def parse_rule(text: str) -> tuple[Rule, tuple[str, ...]]:
    """Return the rule as a function, and the children it names in order.

    Raises:
        RuleError: the text is not a rule.
    """
    parser = _Parser(text)
    rule = parser.rule()
    if parser.peek():
        raise RuleError(f"unexpected {parser.peek()!r}")
    return rule, tuple(dict.fromkeys(parser.children))


def _tokens(text: str) -> Iterator[str]:
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        found = _TOKEN.match(stripped, position)
        if found is None:
            raise RuleError(f"unreadable at {stripped[position:]!r}")
        position = found.end()
        yield next(group for group in found.groups() if group is not None)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._position = 0
        self.children: list[str] = []

    def peek(self) -> str:
        return self._tokens[self._position] if self._position < len(self._tokens) else ""

    def take(self, expected: str = "") -> str:
        word = self.peek()
        if not word or (expected and word != expected):
            raise RuleError(f"expected {expected or 'more'}, found {word!r}")
        self._position += 1
        return word

    def rule(self) -> Rule:
        parts = [self.term()]
        while self.peek() == "OR":
            self.take()
            parts.append(self.term())
        return lambda states: any(part(states) for part in parts)

    def term(self) -> Rule:
        parts = [self.factor()]
        while self.peek() == "AND":
            self.take()
            parts.append(self.factor())
        return lambda states: all(part(states) for part in parts)

    def factor(self) -> Rule:
        word = self.take()
        if word == "NOT":
            inner = self.factor()
            return lambda states: not inner(states)
        if word == "(":
            inner = self.rule()
            self.take(")")
            return inner
        if word in {"TRUE", "FALSE"}:
            return lambda _: word == "TRUE"
        return self.child(word)

    def child(self, word: str) -> Rule:
        try:
            wanted = State(word)
        except ValueError as error:
            raise RuleError(f"unknown word {word!r}") from error
        self.take("(")
        name = self.take()
        self.take(")")
        self.children.append(name)
        return lambda states: states(name) is wanted
