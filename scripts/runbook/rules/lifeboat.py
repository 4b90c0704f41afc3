"""Lifeboat's own commands in a runbook: one that this version does not have is as wrong as any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scripts.runbook.command import Command
from scripts.runbook.rule import Rule, error
from scripts.runbook.scene import Judge, Scene

PROGRAM = "lifeboat"


def judging(missing: Callable[[tuple[str, ...]], str]) -> Judge:
    """Return the judge of Lifeboat's commands.

    Args:
        missing: given the words after `lifeboat`, the command that does not exist; empty when it does.
    """

    def judge(scene: Scene) -> Iterator[tuple[Rule, Command]]:
        for command in scene.commands:
            gone = missing(command.arguments) if command.program == PROGRAM else ""
            if gone:
                why = f"this version has no command `lifeboat {gone}`"
                yield error("lifeboat-unknown-command", why, "`lifeboat --help`"), command

    return judge
