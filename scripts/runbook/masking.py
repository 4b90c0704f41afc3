"""Makes a block of a runbook readable to a shell's grammar without moving anything to another line.

Runbooks hold what no shell takes: `<backup-id>` to be filled in, prompts, the answer of a command below it,
SQL typed into an open psql. Each is replaced by something of the same length or taken out, line by line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLACEHOLDER = re.compile(r"<(?=[A-Za-z])[\w .:/-]*[\w.]>")
_EDGE = "\N{SYMBOL FOR SUBSTITUTE}"
"""Nobody types it: rules recognise the word by it, and the grammar takes it for a letter."""

_MASKED = re.compile(f"{_EDGE}([^{_EDGE}]*){_EDGE}")
_TO_FILL = re.compile(rf"<[^<>]+>|\[[^\[\]]+\]|\.\.\.|\{{[\w-]+\}}|{_EDGE}")
_PROMPT = re.compile(r"^(\s*)\$ (?=\S)")
_SQL_START = re.compile(
    r"^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|DROP|TRUNCATE|CREATE|ALTER|VACUUM|ANALYZE|REINDEX|WITH)\b"
)
_HEREDOC = re.compile(r"<<-?\s*['\"]?(\w+)")
_JSON_KEY = re.compile(r'^\s*"[^"]+"\s*:')
_JSON_EDGE = re.compile(r"^\s*[\[\]{}]+,?\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A block after masking.

    Args:
        shell: what a shell can be asked to read, line for line.
        sql: pieces of SQL with the row each starts in, from 0.
    """

    shell: str
    sql: tuple[tuple[int, str], ...]


def mask(text: str) -> Masked:
    """Take out of a block what is no shell."""
    rows = _without_answers(text.split("\n"))
    rows, sql = _without_sql(rows)
    rows = _without_json(rows)
    return Masked(shell=_PLACEHOLDER.sub(_filled, "\n".join(rows)), sql=tuple(sql))


def unmask(text: str) -> str:
    """Write placeholders as the runbook does."""
    return _MASKED.sub(r"<\1>", text)


def is_placeholder(word: str) -> bool:
    """Is the word, or a part of it, to be filled in by the reader?"""
    return bool(_TO_FILL.search(word))


def _filled(match: re.Match[str]) -> str:
    return _EDGE + re.sub(r"[ :/]", "_", match[0][1:-1]) + _EDGE


def _without_answers(rows: list[str]) -> list[str]:
    """Where some lines carry a prompt, only these and their continuations are typed."""
    if not any(_PROMPT.match(row) for row in rows):
        return rows
    kept, continues = [], False
    for row in rows:
        typed = continues or bool(_PROMPT.match(row))
        kept.append(_PROMPT.sub(r"\1", row) if typed else "")
        continues = typed and row.endswith("\\")
    return kept


def _without_sql(rows: list[str]) -> tuple[list[str], list[tuple[int, str]]]:
    kept: list[str] = []
    pieces: list[tuple[int, str]] = []
    start: int | None = None
    shell = _Open()
    for number, row in enumerate(rows):
        if start is None and not shell.is_open and _SQL_START.match(row):
            start = number
        if start is None:
            shell.read(row)
        kept.append(row if start is None else "")
        if start is not None and (row.rstrip().endswith(";") or not row.strip()):
            pieces.append((start, "\n".join(rows[start : number + 1])))
            start = None
    if start is not None:
        pieces.append((start, "\n".join(rows[start:])))
    return kept, pieces


class _Open:
    """Is a double quote or a here-document open? SQL inside is an argument, not a line of its own."""

    def __init__(self) -> None:
        self._quoted = False
        self._ending = ""

    @property
    def is_open(self) -> bool:
        return self._quoted or bool(self._ending)

    def read(self, row: str) -> None:
        if self._ending:
            self._ending = "" if row.strip() == self._ending else self._ending
            return
        if not self._quoted and row.lstrip().startswith("#"):
            return
        self._quoted ^= row.replace('\\"', "").count('"') % 2 == 1
        heredoc = _HEREDOC.search(row)
        if heredoc and not self._quoted:
            self._ending = heredoc[1]


def _without_json(rows: list[str]) -> list[str]:
    if not any(_JSON_KEY.match(row) for row in rows):
        return rows
    return ["" if _JSON_KEY.match(row) or _JSON_EDGE.match(row) else row for row in rows]
