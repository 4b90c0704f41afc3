"""Secrets in arguments and on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.runbook.command import Command
from scripts.runbook.rule import Rule, warning
from scripts.runbook.scene import Scene
from scripts.runbook.words import holds_password, is_literal

_PROC = "man7.org/linux/man-pages/man5/proc_pid_cmdline.5.html"
IN_ARGUMENTS = warning(
    "secret-in-arguments",
    "every process of the machine can read arguments, and the shell keeps them in its history",
    _PROC,
    "a file only you can read, or what the program knows: PGPASSFILE, REDISCLI_AUTH, `curl --config`",
)
ON_SCREEN = warning(
    "secret-on-screen",
    "prints secrets to the terminal, its scroll-back and whatever records the session",
    "owasp.org, Secrets Management Cheat Sheet",
    "`grep -c '^NAME=' FILE` says whether it is there",
)
_VALUES = {
    "redis-cli": ("-a", "--pass"),
    "mysql": ("--password",),
    "mysqldump": ("--password",),
    "curl": ("-u", "--user"),
    "aws": ("--secret-string", "--master-user-password", "--password"),
    "sshpass": ("-p",),
}
_EXPANDED = frozenset({"redis-cli", "sshpass", "mysql", "mysqldump", "curl", "aws"})
"""Programs whose own argument carries the secret even when the shell takes it from a variable."""
_SHOWS = frozenset({"cat", "less", "more", "head", "tail", "grep", "printenv"})
_ENV_FILE = re.compile(r"(^|/)\.env(\.\w+)?$")


def judge(scene: Scene) -> Iterator[tuple[Rule, Command]]:
    """Report secrets that others can see."""
    for command in scene.commands:
        if _in_arguments(command):
            yield IN_ARGUMENTS, command
    first, last = scene.commands[0], scene.commands[-1]
    shown = first.program in _SHOWS and any(_ENV_FILE.search(word) for word in first.arguments)
    counted = any(each.has("-c", "-q", "-l") for each in scene.commands if each.program == "grep")
    if shown and not counted and not last.outputs:
        yield ON_SCREEN, first


def _in_arguments(command: Command) -> bool:
    if any(holds_password(word) for word in command.words):
        return True
    value = command.value(*_VALUES.get(command.program, ("",))) if command.program in _VALUES else None
    if not value or value.startswith("file:"):
        return False
    is_given = (command.program in _EXPANDED and value.startswith("$")) or is_literal(value)
    # `curl -u user` asks for the password.
    return is_given and (command.program != "curl" or ":" in value)
