"""Judges a runbook: what breaks a rule, and what nobody can judge.

The two lists together name every command of the runbook that is not known to be right. A command of a program
without rules is never passed over in silence: it is `unchecked`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.runbook.command import Command, Pipeline
from scripts.runbook.document import Document, Kind, Snippet
from scripts.runbook.masking import mask
from scripts.runbook.rule import Finding, Rule
from scripts.runbook.rules import aws, docker, files, fly, fly_tree, postgres, prose, secrets, sql
from scripts.runbook.scene import Judge, Scene
from scripts.runbook.shell import read_shell
from scripts.runbook.tools import KNOWN, is_command
from scripts.runbook.wrapping import unwrapped

JUDGES: tuple[Judge, ...] = (
    fly_tree.judge,
    fly.judge,
    aws.judge,
    postgres.judge,
    sql.judge,
    docker.judge,
    files.judge,
    secrets.judge,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """A command whose program has no rules, or that the shell's grammar does not understand.

    Args:
        file: the runbook.
        line: of its first use, from 1.
        command: as it is written there.
        reason: why it cannot be checked.
        uses: how often the same command stands in the runbook.
    """

    file: str
    line: int
    command: str
    reason: str
    uses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of one runbook.

    Args:
        file: its name.
        commands: how many commands were looked at.
        findings: by line.
        unchecked: by line.
    """

    file: str
    commands: int
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]


def lint(document: Document, judges: tuple[Judge, ...] = JUDGES) -> Report:
    """Judge every command and claim of a runbook."""
    blocks = [_pipelines(snippet) for snippet in document.snippets]
    found = [*_of_commands(document, blocks, judges), *_of_sql(document)]
    for rule, line in prose.judge(document):
        text = re.sub(r"\*\*|__", "", document.lines[line - 1]).strip().lstrip("-*> ")
        found.append(Finding(file=document.name, line=line, command=text, rule=rule))
    leaves = [inner for block in blocks for each in block for inner in _leaves(each)]
    commands = [command for block in blocks for each in block for command in each.commands]
    return Report(
        file=document.name,
        commands=len(commands),
        findings=tuple(sorted(dict.fromkeys(found), key=_order)),
        unchecked=_unchecked(document.name, leaves),
    )


def _pipelines(snippet: Snippet) -> tuple[Pipeline, ...]:
    if snippet.kind is Kind.SQL:
        return ()
    found = read_shell(mask(snippet.text).shell, snippet.line)
    if snippet.kind is Kind.SHELL:
        return found
    return tuple(each for each in found if is_command(each.commands[0]))


def _of_commands(
    document: Document, blocks: list[tuple[Pipeline, ...]], judges: tuple[Judge, ...]
) -> Iterator[Finding]:
    for block in blocks:
        for written in block:
            for pipeline in unwrapped(written):
                scene = Scene(pipeline=pipeline, block=block)
                for judge in judges:
                    for rule, command in judge(scene):
                        yield _finding(document, command.line, written.text, rule)


def _of_sql(document: Document) -> Iterator[Finding]:
    for snippet in document.snippets:
        is_sql = snippet.kind is Kind.SQL
        pieces = ((0, snippet.text),) if is_sql else mask(snippet.text).sql if "\n" in snippet.text else ()
        for row, text in pieces:
            for below, rule in sql.judge_sql(text):
                line = snippet.line + row + below
                yield _finding(document, line, document.lines[line - 1].strip(), rule)


def _finding(document: Document, line: int, command: str, rule: Rule) -> Finding:
    return Finding(file=document.name, line=line, command=command, rule=rule)


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.line, -finding.rule.severity.weight, finding.rule.name


def _leaves(written: Pipeline) -> tuple[Command, ...]:
    """Return the innermost commands: of `sudo docker exec db psql`, only psql."""
    layers = unwrapped(written)
    return tuple(
        command
        for place, layer in enumerate(layers)
        for command in layer.commands
        if place == len(layers) - 1 or not _is_outer(command, layers[place + 1 :])
    )


def _is_outer(command: Command, inner: tuple[Pipeline, ...]) -> bool:
    return any(each.text == command.text for layer in inner for each in layer.commands)


def _unchecked(file: str, commands: list[Command]) -> tuple[Unchecked, ...]:
    uses: dict[str, list[tuple[Command, str]]] = {}
    for command in commands:
        reason = _reason(command)
        if reason:
            uses.setdefault(command.text, []).append((command, reason))
    return tuple(
        Unchecked(file=file, line=first.line, command=text, reason=reason, uses=len(all_uses))
        for text, all_uses in uses.items()
        for first, reason in all_uses[:1]
    )


def _reason(command: Command) -> str:
    if command.garbled:
        return "not understood by the shell's grammar"
    if command.program in KNOWN:
        return ""
    return f"nothing is known about {command.program}"
