"""Resolves a flyctl command line against the command tree of a real flyctl.

The tree is package data, written by `python -m tools.flyctl_tree` from flyctl's own help. A command that is
not in it does not exist, whatever it once was.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from scripts.runbook.masking import is_placeholder

PROGRAMS = frozenset({"fly", "flyctl"})
_ALWAYS = frozenset({"help", "h"})
_VALUED_ANYWHERE = frozenset({"app", "a", "config", "c", "access-token", "t", "org", "o"})
"""Flags with a value that people put before the command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlyCall:
    """One flyctl command line, understood.

    Args:
        path: words of the command, aliases resolved, such as `postgres backup restore`.
        arguments: what is neither command nor flag.
        flags: value by flag as typed, without its dashes; None for one without a value.
        stranger: the first word that no command of this name takes; empty when there is none.
        strange_flags: flags the command does not have.
        entry: what the tree says about the command.
    """

    path: str
    arguments: tuple[str, ...]
    flags: dict[str, str | None]
    stranger: str
    strange_flags: tuple[str, ...]
    entry: dict[str, Any]

    def flag(self, *names: str) -> str | None:
        """Return the value of the first flag given; None when none is, or it has no value."""
        return next((self.flags[name] for name in names if name in self.flags), None)


@cache
def tree() -> dict[str, Any]:
    """Return the tree: version, global_flags, and commands by their words."""
    content: dict[str, Any] = json.loads((files(__package__) / "flyctl_tree.json").read_text("utf-8"))
    return content


@cache
def _children() -> dict[str, dict[str, str]]:
    """By group, each name and alias of its commands with the words of the command."""
    children: dict[str, dict[str, str]] = {}
    for path, entry in tree()["commands"].items():
        group, _, name = path.rpartition(" ")
        for spelling in (name, *entry.get("aliases", ())):
            children.setdefault(group, {})[spelling] = path
    return children


def resolve(words: tuple[str, ...]) -> FlyCall:
    """Understand the words after `fly`."""
    path, rest = _descend(words)
    entry: dict[str, Any] = tree()["commands"].get(path, {"flags": {}, "group": True})
    known = {**tree()["global_flags"], **entry["flags"]}
    arguments, flags, strange = _parse(rest, known)
    return FlyCall(
        path=path,
        arguments=arguments,
        flags=flags,
        stranger=_stranger(path, arguments, entry),
        strange_flags=strange,
        entry=entry,
    )


def siblings(path: str) -> tuple[str, ...]:
    """Return the names and aliases of the commands in a group; of all commands without one."""
    return tuple(_children().get(path, {}))


def _descend(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Find the command, and what is left; `fly -a APP status` says a flag before it."""
    path, place = "", 0
    flags: tuple[str, ...] = ()
    while place < len(words) and words[place] != "--":
        word = words[place]
        width = 2 if word.lstrip("-") in _VALUED_ANYWHERE else 1
        if word.startswith("-"):
            flags, place = (*flags, *words[place : place + width]), place + width
            continue
        below = _children().get(path, {}).get(word)
        if below is None:
            break
        path, place = below, place + 1
    return path, (*flags, *words[place:])


def _parse(
    words: tuple[str, ...], known: dict[str, str]
) -> tuple[tuple[str, ...], dict[str, str | None], tuple[str, ...]]:
    arguments, flags, strange = [], {}, []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            arguments += waiting
            break
        name, equals, value = word.lstrip("-").partition("=")
        if not word.startswith("-") or not name:
            arguments.append(word)
            continue
        if not word.startswith("--") and name[0] in known and name not in known:
            name, value, equals = name[0], name[1:], name[1:]
        flags[name] = value if equals else None
        if name not in known and name not in _ALWAYS:
            strange.append(word.split("=")[0])
            # Whether it would take a value is not known; it most likely does.
            takes_value = bool(waiting) and not waiting[0].startswith("-")
        else:
            takes_value = bool(known.get(name)) and bool(waiting)
        if takes_value and not equals:
            flags[name] = waiting.pop(0)
    return tuple(arguments), flags, tuple(strange)


def _stranger(path: str, arguments: tuple[str, ...], entry: dict[str, Any]) -> str:
    first = arguments[0] if arguments else ""
    if not first or is_placeholder(first) or first.startswith("$") or first in _ALWAYS:
        return ""
    takes_none = entry.get("takes_arguments") is False
    return first if takes_none or (entry.get("group") and path != "help") else ""
