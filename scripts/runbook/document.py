"""A runbook as read: its shell blocks, its SQL, the commands inside its sentences, and its lines.

Reads Markdown only. It decides what is meant to be typed; it never decides whether that is any good.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.token import Token

SHELLS = frozenset({"bash", "sh", "shell", "zsh", "console", "shell-session", "shellsession", "terminal"})
_SQL = frozenset({"sql", "postgresql", "psql", "pgsql"})


class Kind(StrEnum):
    """What a piece of code in a runbook is."""

    SHELL = "shell"
    SQL = "sql"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of code.

    Args:
        kind: what it is; `unsaid` for an indented block, a fence without a language and code in a sentence.
        text: the code.
        line: line of the runbook its first line stands in, from 1.
    """

    kind: Kind
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One runbook.

    Args:
        name: the file as it was named.
        lines: every line; the first is line 1.
        snippets: its code in order.
    """

    name: str
    lines: tuple[str, ...]
    snippets: tuple[Snippet, ...]


def read_document(name: str, text: str) -> Document:
    """Take the code out of Markdown.

    Args:
        name: the file, for findings.
        text: its content.
    """
    # The reader's own line ends: the only ones that count lines as editors do.
    lines = tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
    return Document(name=name, lines=lines, snippets=tuple(_snippets(tokens, lines)))


def _snippets(tokens: list[Token], lines: tuple[str, ...]) -> Iterator[Snippet]:
    place = (0, 0)
    for token in tokens:
        if token.map:
            place = (token.map[0], token.map[1])
        if token.type == "fence":
            language = token.info.strip().split(" ")[0].lower().strip("{}.")
            kind = Kind.SHELL if language in SHELLS else Kind.SQL if language in _SQL else Kind.UNSAID
            if kind is not Kind.UNSAID or not language:
                yield Snippet(kind=kind, text=token.content, line=place[0] + 2)
        elif token.type == "code_block":
            yield Snippet(kind=Kind.UNSAID, text=token.content, line=place[0] + 1)
        elif token.type == "inline":
            yield from _inline(token, lines, place)


def _inline(token: Token, lines: tuple[str, ...], place: tuple[int, int]) -> Iterator[Snippet]:
    row, column = place[0], 0
    for child in token.children or ():
        if child.type != "code_inline":
            continue
        found = _find(child.content, lines, (row, column), place[1])
        if found:
            row, column = found
        yield Snippet(kind=Kind.UNSAID, text=child.content, line=row + 1)


def _find(code: str, lines: tuple[str, ...], start: tuple[int, int], end: int) -> tuple[int, int] | None:
    """Where the code stands in the source: its row, and the column after it."""
    first, after = start
    for row in range(first, min(end, len(lines))):
        column = lines[row].find(code, after if row == first else 0)
        if column >= 0:
            return row, column + len(code)
    return None
