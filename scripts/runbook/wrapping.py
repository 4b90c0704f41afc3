"""Finds the command inside a command: behind sudo, in a container, over SSH, in the string of a shell.

`docker compose exec db psql …` is judged as docker and as psql. Unwrapping never loses the redirections,
which decide whether a dump is a backup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scripts.runbook.command import Command, Pipeline
from scripts.runbook.masking import mask
from scripts.runbook.shell import read_shell

_MAX_DEPTH = 5
_PREFIXES = {
    "sudo": ("-u", "-g", "-h", "-C", "-D"),
    "env": ("-u", "-C"),
    "nice": ("-n",),
    "ionice": ("-c", "-n"),
    "timeout": ("-s", "-k"),
    "xargs": ("-I", "-n", "-P", "-L", "-d", "-a"),
    "time": (),
    "nohup": (),
    "exec": (),
    "command": (),
    "stdbuf": ("-o", "-e", "-i"),
}
"""Programs that run the rest of their words, with their flags that take a value."""
_EXEC_VALUES = (
    *("-u", "--user", "-e", "--env", "-w", "--workdir", "-n", "--namespace", "-c", "--container"),
    *("--index", "-f", "--file", "-p", "--project-name", "--env-file"),
)
_SSH_VALUES = ("-i", "-p", "-l", "-o", "-F", "-J", "-L", "-R", "-D", "-b", "-c", "-E", "-m", "-S", "-W")


def unwrapped(pipeline: Pipeline) -> tuple[Pipeline, ...]:
    """Return the pipeline as written, then what is run inside it, from the outside in."""
    found = [pipeline]
    for depth in range(_MAX_DEPTH):
        inner = [inside for each in found[depth:] for inside in _inside(each)]
        fresh = [each for each in inner if each not in found]
        if not fresh:
            break
        found.extend(fresh)
    return tuple(found)


def _inside(pipeline: Pipeline) -> Iterator[Pipeline]:
    stripped = tuple(_inner(command) or command for command in pipeline.commands)
    if stripped != pipeline.commands:
        yield replace(pipeline, commands=stripped)
    for command in pipeline.commands:
        text = _script(command)
        if text:
            for each in read_shell(mask(text).shell, command.line):
                # Rows inside the string are not rows of the runbook; a finding shows the whole command.
                yield replace(
                    each,
                    text=pipeline.text,
                    commands=tuple(
                        replace(one, line=command.line, text=command.text) for one in each.commands
                    ),
                )


def _inner(command: Command) -> Command | None:
    words = _rest(command)
    if words and words[0] != command.words[0]:
        return replace(command, words=words)
    return None


def _rest(command: Command) -> tuple[str, ...]:
    """Return the words of the command that is run by this one; empty when it runs none."""
    program, words = command.program, command.arguments
    if program in _PREFIXES:
        words = _after_flags(words, _PREFIXES[program])
        while words and program in {"env", "sudo"} and "=" in words[0]:
            words = words[1:]
        return words[1:] if program == "timeout" else words
    if program == "find" and "-exec" in words:
        return words[words.index("-exec") + 1 :]
    if program == "kubectl" and "exec" in words[:1] and "--" in words:
        return words[words.index("--") + 1 :]
    if program in {"docker", "docker-compose", "podman"} and "exec" in words:
        return _after_flags(words[words.index("exec") + 1 :], _EXEC_VALUES)[1:]
    return ()


def _after_flags(words: tuple[str, ...], with_value: tuple[str, ...]) -> tuple[str, ...]:
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in with_value else words[1:]
    return words


def _script(command: Command) -> str:
    """Return the shell text that the command hands to another shell; empty when it hands none."""
    program, words = command.program, command.arguments
    if program in {"bash", "sh", "zsh", "dash"}:
        return command.value("-c", "-ec", "-lc", "-xc") or ""
    if program in {"fly", "flyctl"} and words[:2] == ("ssh", "console"):
        return command.value("-C", "--command") or ""
    if program in {"fly", "flyctl"} and words[1:2] == ("exec",):
        return words[-1] if len(words) > len(("machine", "exec", "id")) else ""
    if program == "watch":
        return " ".join(_after_flags(words, ("-n", "--interval")))
    if program == "ssh":
        return " ".join(_after_flags(words, _SSH_VALUES)[1:])
    return ""
