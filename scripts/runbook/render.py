"""Shows reports: a table for a terminal, Markdown for a pull request, plain values for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scripts.runbook.lint import Report
from scripts.runbook.replacement import Exists, replacement
from scripts.runbook.rule import Severity

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def print_reports(reports: Sequence[Report], exists: Exists, console: Console) -> None:
    """Print a table of findings, then what could not be checked."""
    for report in reports:
        if report.findings:
            console.print(_table(report, exists))
        for each in report.unchecked:
            again = f", {each.uses} times" if each.uses > 1 else ""
            line = f"unknown  {each.file}:{each.line}  {each.command}  ({each.reason}{again})"
            console.print(Text(line, style="dim"), soft_wrap=True)
    for report in reports:
        console.print(Text(summary(report)), soft_wrap=True)


def summary(report: Report) -> str:
    """Return one line of counts."""
    counts = ", ".join(_number(number, name) for name, number in count(report).items())
    return f"{report.file}: {_number(report.commands, 'command')}; {counts}; {len(report.unchecked)} unknown"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def count(report: Report) -> dict[str, int]:
    """Return the number of findings by severity, worst first."""
    return {
        str(severity): sum(finding.rule.severity is severity for finding in report.findings)
        for severity in sorted(Severity, key=lambda severity: -severity.weight)
    }


def markdown(reports: Sequence[Report], exists: Exists) -> str:
    """Return the reports as Markdown."""
    return "\n".join(line for report in reports for line in _page(report, exists)) + "\n"


def as_data(report: Report, exists: Exists) -> dict[str, object]:
    """Return one report as plain values."""
    return {
        "file": report.file,
        "commands": report.commands,
        "counts": {**count(report), "unknown": len(report.unchecked)},
        "findings": [
            {
                "where": f"{each.file}:{each.line}",
                "line": each.line,
                "command": each.command,
                "rule": each.rule.name,
                "severity": str(each.rule.severity),
                "why": each.rule.why,
                "source": each.rule.source,
                "instead": replacement(each.rule, exists),
            }
            for each in report.findings
        ],
        "unknown": [
            {"line": each.line, "command": each.command, "reason": each.reason, "uses": each.uses}
            for each in report.unchecked
        ],
    }


def _table(report: Report, exists: Exists) -> Table:
    table = Table(title=Text(report.file), title_justify="left", show_lines=True, expand=True)
    table.add_column("line", no_wrap=True, justify="right")
    table.add_column("severity", no_wrap=True)
    table.add_column("command and why", ratio=3, overflow="fold")
    table.add_column("instead", ratio=2, overflow="fold")
    for each in report.findings:
        rule = each.rule
        body = Text.assemble(
            (each.command, "bold"), "\n", rule.why, "\n", (f"[{rule.name}] {rule.source}", "dim")
        )
        severity = Text(str(rule.severity), style=_STYLES[rule.severity])
        table.add_row(str(each.line), severity, body, Text(replacement(rule, exists)))
    return table


def _page(report: Report, exists: Exists) -> Iterator[str]:
    yield f"### {_cell(report.file)}\n"
    yield f"{_cell(summary(report).removeprefix(f'{report.file}: '))}\n"
    if report.findings:
        yield "| line | severity | command | why | instead |"
        yield "|---|---|---|---|---|"
    for each in report.findings:
        rule = each.rule
        cells = (
            _code(each.command),
            f"{_cell(rule.why)} ({_cell(rule.source)})",
            _cell(replacement(rule, exists)),
        )
        yield f"| {each.line} | {rule.severity} | {' | '.join(cells)} |"
    if report.unchecked:
        yield f"\n<details><summary>{len(report.unchecked)} commands that nobody can check here</summary>\n"
        yield "| line | command | reason | uses |"
        yield "|---|---|---|---|"
        for one in report.unchecked:
            yield f"| {one.line} | {_code(one.command)} | {_cell(one.reason)} | {one.uses} |"
        yield "\n</details>"
    yield ""


def _cell(text: str) -> str:
    """Text inside a table: no pipe may end the cell, no tag may open."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    inner = text.replace("|", "\\|").replace("\n", " ")
    return f"{fence} {inner} {fence}" if "`" in text else f"{fence}{inner}{fence}"
