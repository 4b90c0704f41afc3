"""What a command leaves on stdout: lines for people, or the one envelope for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import click

from lifeboat.core.envelope import success

BYTES_PER_MIB = 1024**2


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON envelope.")(command)


def answer(
    command: str,
    data: object,
    lines: Sequence[str],
    *,
    as_json: bool,
    warnings: Sequence[str] = (),
) -> None:
    """Print what a command found or did.

    Args:
        command: its name, with its group.
        data: the same for programs.
        lines: the same for people.
        as_json: which of both to print.
        warnings: told on stderr, or inside the envelope.
    """
    if as_json:
        click.echo(json.dumps(success(command, data, warnings=warnings), indent=2, default=str))
        return
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    for line in lines:
        click.echo(line)


def mebibytes(size_bytes: int | None) -> str:
    """Write a size in whole MiB; `-` when there is none."""
    return "-" if size_bytes is None else f"{size_bytes // BYTES_PER_MIB} MiB"
