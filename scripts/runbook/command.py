"""What a runbook tells its reader to type: pipelines of commands, with the line each stands in.

Words are what the shell would hand to the program, quotes removed; what only the shell could know (`$NAME`,
`$(…)`) stays as it is written. Nothing here is ever executed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One program and its words.

    Args:
        words: the program first; empty when the grammar found no command at all.
        line: line of the runbook, from 1.
        text: the command as it is written.
        inputs: files it reads by redirection.
        outputs: files it writes by redirection.
        heredoc: what is handed to it in place; None when nothing is.
        garbled: the shell's grammar did not understand all of it.
    """

    words: tuple[str, ...]
    line: int
    text: str
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    heredoc: str | None = None
    garbled: bool = False

    @property
    def program(self) -> str:
        """Name of the program without its directory."""
        return self.words[0].rsplit("/", maxsplit=1)[-1] if self.words else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the words after the program."""
        return self.words[1:]

    def has(self, *flags: str) -> bool:
        """Is one of the flags given, alone, as `--flag=value` or among short ones as in `-rf`?"""
        return any(_gives(word, flag) for word in self.arguments for flag in flags)

    def value(self, *flags: str) -> str | None:
        """Return the value of a flag, as `--flag value`, `--flag=value` or `-fvalue`; None without one."""
        for place, word in enumerate(self.arguments):
            for flag in flags:
                if word == flag:
                    return self.arguments[place + 1] if place + 1 < len(self.arguments) else ""
                if word.startswith(f"{flag}=") or (_is_short(flag) and word.startswith(flag)):
                    return word[len(flag) :].removeprefix("=")
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Commands joined by `|`, or one alone.

    Args:
        commands: in order, never empty.
        text: as it is written, on one line.
        pipefail: a failure of any command fails the pipeline (`set -o pipefail` came before).
    """

    commands: tuple[Command, ...]
    text: str
    pipefail: bool = False

    @property
    def line(self) -> int:
        """Line of the runbook, from 1."""
        return self.commands[0].line


def _is_short(flag: str) -> bool:
    return flag.startswith("-") and not flag.startswith("--") and len(flag) == len("-x")


def _gives(word: str, flag: str) -> bool:
    if word == flag or word.startswith(f"{flag}="):
        return True
    among = _is_short(flag) and word.startswith("-") and not word.startswith("--")
    return among and word[1:].isalpha() and flag[1] in word[1:]
