"""What a finding says: a rule with its severity, its reason, its source and what to do instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is to type a command."""

    ERROR = "error"
    """It does not exist, or data may be lost."""
    WARNING = "warning"
    """It works, and not as the runbook expects."""
    NOTE = "note"
    """Worth knowing."""

    @property
    def weight(self) -> int:
        """More is worse."""
        return {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Why a command is reported.

    Args:
        name: short name, as printed.
        severity: how bad it is.
        why: the fact.
        source: where the fact can be looked up.
        instead: what to type or do; empty when only `ours` says it.
        ours: commands of Lifeboat that do it, without the word lifeboat.
    """

    name: str
    severity: Severity
    why: str
    source: str
    instead: str = ""
    ours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that a line of a runbook breaks.

    Args:
        file: the runbook.
        line: from 1.
        command: what stands there.
        rule: what is wrong with it.
    """

    file: str
    line: int
    command: str
    rule: Rule


def error(name: str, why: str, source: str, instead: str = "", ours: tuple[str, ...] = ()) -> Rule:
    """Make the rule of an error."""
    return Rule(name=name, severity=Severity.ERROR, why=why, source=source, instead=instead, ours=ours)


def warning(name: str, why: str, source: str, instead: str = "", ours: tuple[str, ...] = ()) -> Rule:
    """Make the rule of a warning."""
    return Rule(name=name, severity=Severity.WARNING, why=why, source=source, instead=instead, ours=ours)


def note(name: str, why: str, source: str, instead: str = "", ours: tuple[str, ...] = ()) -> Rule:
    """Make the rule of a note."""
    return Rule(name=name, severity=Severity.NOTE, why=why, source=source, instead=instead, ours=ours)
