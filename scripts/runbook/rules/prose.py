"""Claims in sentences and tables that the procedures of the same runbook contradict.

Only what can be said reliably: an objective is compared with the only schedule the text gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.runbook.document import Document
from scripts.runbook.rule import Rule, note, warning

_RPO = re.compile(r"\bRPO\b.*?[:|=<≤\s](\d+(?:\.\d+)?)\s*(min|m\b|hours?|hrs?|h\b)", re.IGNORECASE)
_RTO = re.compile(r"\bRTO\b.*?[:|=<≤\s](\d+(?:\.\d+)?)\s*(min|m\b|hours?|hrs?|h\b)", re.IGNORECASE)
_DAILY = re.compile(r"\b(daily|nightly|every (day|night|24 ?h(ours)?)|once a day)\b", re.IGNORECASE)
_DATABASE = re.compile(r"\b(database|db|postgres\w*|backups?|dumps?|snapshots?|rds)\b", re.IGNORECASE)
_WORK = re.compile(r"\b(verif|check|test|review|drill)", re.IGNORECASE)
_CONTINUOUS = re.compile(
    r"\bWAL\b|log shipping|continuous(ly)? (archiv|backup|replicat)|every (\d+|five|ten) ?min|hourly",
    re.IGNORECASE,
)
_AUTO_ROLLBACK = re.compile(r"\bfly(\.io|ctl)?\b.*\bautomatically roll(s|ed)? ?back", re.IGNORECASE)
_WEEKLY_SECRETS = re.compile(r"\bsecrets?\b.*\bweekly\b.*(snapshot|backup|s3)", re.IGNORECASE)
_LONGEST = 2000
"""Nobody writes a claim longer than this; patterns are tried on every place of a line."""
_DAY_MIN = 24 * 60
_SHORT_MIN = 60
_RDS = "docs.aws.amazon.com/AmazonRDS/latest/UserGuide"

RPO_BELOW_DUMP = warning(
    "rpo-below-backup",
    "the only database backup this runbook schedules is daily, which loses up to 24 hours",
    f"{_RDS}/USER_PIT.html",
    "ship the log continuously, and alarm on the age of the latest restorable time",
    ("backup verify",),
)
RTO_BY_RESTORE = note(
    "rto-by-restore",
    "a restore makes a new instance, which takes minutes, and then reads its blocks lazily",
    f"{_RDS}/USER_PIT.html",
    "measure a restore of your own size, or keep a warm replica in another region",
    ("database restore", "region failover"),
)
AUTO_ROLLBACK = warning(
    "fly-rolls-back-nothing",
    "only the bluegreen strategy goes back by itself; a rolling deploy stops and leaves both versions",
    "fly.io/docs/launch/deploy and superfly/flyctl internal/command/deploy",
    "look at the version of every machine after a deploy, and deploy the earlier digest",
)
STALE_SECRETS = note(
    "secrets-snapshot-stale",
    "a weekly copy holds other versions than a database restored to a time; rotation makes it useless",
    f"{_RDS}/rds-secrets-manager.html",
    "write the version of each secret into the database backup's manifest",
    ("backup create",),
)


def judge(document: Document) -> Iterator[tuple[Rule, int]]:
    """Report claims with their lines."""
    code = set(_lines_of_code(document))
    prose = [(number, line[:_LONGEST]) for number, line in enumerate(document.lines, 1) if number not in code]
    daily = any(
        _DAILY.search(line) and _DATABASE.search(line) and not _WORK.search(line) for _, line in prose
    )
    continuous = any(_CONTINUOUS.search(line) for _, line in prose)
    restores = any("restore" in line.lower() for line in document.lines)
    for number, line in prose:
        rpo, rto = _minutes(_RPO, line), _minutes(_RTO, line)
        if rpo is not None and rpo < _DAY_MIN and daily and not continuous:
            yield RPO_BELOW_DUMP, number
        if rto is not None and rto <= _SHORT_MIN and restores:
            yield RTO_BY_RESTORE, number
        if _AUTO_ROLLBACK.search(line):
            yield AUTO_ROLLBACK, number
        if _WEEKLY_SECRETS.search(line.replace("*", "")):
            yield STALE_SECRETS, number


def _minutes(pattern: re.Pattern[str], line: str) -> float | None:
    match = pattern.search(line.replace("*", " "))
    if match is None:
        return None
    return float(match[1]) * (1 if match[2].lower().startswith("m") else 60)


def _lines_of_code(document: Document) -> Iterator[int]:
    for snippet in document.snippets:
        if "\n" in snippet.text:
            yield from range(snippet.line, snippet.line + snippet.text.count("\n"))
