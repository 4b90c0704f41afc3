"""SQL that destroys or locks, wherever it stands: in psql's arguments, in a here-document, on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.runbook.command import Command
from scripts.runbook.rule import Rule, error, warning
from scripts.runbook.scene import Scene

_PG = "postgresql.org/docs/current/"
_DESTROYS = error(
    "sql-destroys",
    "what it removes comes back only from a backup that was proven",
    f"{_PG}sql-dropdatabase.html",
    "take a backup and restore it somewhere first; rename instead of dropping",
    ("backup create", "backup verify"),
)
_ALL_ROWS = error(
    "sql-all-rows",
    "without WHERE it changes every row of the table",
    f"{_PG}sql-delete.html",
    "say which rows, inside BEGIN, and look at the count before COMMIT",
)
_LOCKS = warning(
    "sql-locks",
    "locks the table against every write while it runs",
    f"{_PG}explicit-locking.html",
    "`REINDEX (CONCURRENTLY)`, `CREATE INDEX CONCURRENTLY`, plain `VACUUM`",
)
_NOT_IN_TRANSACTIONS = re.compile(r"\s+")
_PATTERNS: tuple[tuple[re.Pattern[str], Rule], ...] = (
    (re.compile(r"^(DROP (DATABASE|SCHEMA|TABLE|OWNED|TABLESPACE)|TRUNCATE)\b", re.IGNORECASE), _DESTROYS),
    (re.compile(r"^(DELETE FROM|UPDATE \S+ SET)\b(?!.*\bWHERE\b)", re.IGNORECASE), _ALL_ROWS),
    (re.compile(r"^REINDEX\b(?!.*\bCONCURRENTLY\b)", re.IGNORECASE), _LOCKS),
    (re.compile(r"^VACUUM \(?FULL\b", re.IGNORECASE), _LOCKS),
    (re.compile(r"^CREATE (UNIQUE )?INDEX\b(?!.*\bCONCURRENTLY\b)", re.IGNORECASE), _LOCKS),
)


def judge(scene: Scene) -> Iterator[tuple[Rule, Command]]:
    """Report SQL that is handed to psql."""
    for command in scene.commands:
        if command.program == "psql":
            for text in (command.value("-c", "--command"), command.heredoc):
                yield from ((rule, command) for _, rule in judge_sql(text or ""))


def judge_sql(text: str) -> Iterator[tuple[int, Rule]]:
    """Report SQL; each finding with the row its statement starts in, from 0."""
    bare = re.sub(r"--[^\n]*|'[^']*'", lambda match: " " * len(match[0]), text)
    start = 0
    for statement in bare.split(";"):
        body = _NOT_IN_TRANSACTIONS.sub(" ", statement).strip()
        row = bare.count("\n", 0, start + len(statement) - len(statement.lstrip()))
        start += len(statement) + 1
        yield from ((row, rule) for pattern, rule in _PATTERNS if pattern.search(body))
