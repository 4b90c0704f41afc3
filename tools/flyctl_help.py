"""Reads the help of one flyctl command: its usage, its commands, its flags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_USAGE = re.compile(r"^Usage:\n(?P<lines>(?:  .+\n)+)", re.MULTILINE)
_ALIASES = re.compile(r"^Aliases:\n  (?P<names>.+)$", re.MULTILINE)
_CHILD = re.compile(r"^  (?P<name>[a-z0-9][\w-]*) ")
_FLAG = re.compile(r"^  (?:-(?P<short>\w), |    )--(?P<name>[\w-]+)(?P<rest>.*)$")
_ALSO = re.compile(r"\(also ((?:--[\w-]+(?:, )?)+)\)")
_DEPRECATED = re.compile(r'^Command ".+?" is deprecated, (?P<why>.+)$', re.MULTILINE)


def shows(text: str, path: str) -> bool:
    """Is this the help of the command, and not of the group it was asked of?"""
    usage = _USAGE.search(text)
    # `metrics` answers with an empty usage, a deprecated command sometimes with nothing but that word.
    return bool(usage and f"flyctl {path}" in usage["lines"]) or bool(_DEPRECATED.search(text))


def entry(text: str, below: list[str], *, hidden: bool) -> dict[str, Any]:
    """Return what the help says about a command.

    Args:
        text: its help.
        below: the names of its commands; empty when it is no group.
        hidden: it had to be asked for by name.
    """
    usage = _USAGE.search(text)
    first = usage["lines"].splitlines()[0] if usage else ""
    found: dict[str, Any] = {"flags": flags_of(section(text, "Flags"))}
    aliases = _ALIASES.search(text)
    if aliases:
        found["aliases"] = [name.strip() for name in aliases["names"].split(",")][1:]
    deprecated = _DEPRECATED.search(text)
    if deprecated:
        found["deprecated"] = deprecated["why"].strip()
    if hidden or deprecated:
        found["hidden"] = True
    if below:
        found["group"] = True
    if text.startswith("V1 APPS ONLY: "):
        found["gone"] = "only for apps of Fly's first platform, which is gone"
    if re.fullmatch(r"  flyctl [\w -]+ \[flags\]", first):
        found["takes_arguments"] = False
    return found


def children(text: str) -> Iterator[str]:
    """Return the names of the commands in a group."""
    head = text.split("\nFlags:\n", maxsplit=1)[0]
    listed = False
    for line in head.splitlines():
        listed = line not in {"Usage:", "Aliases:"} if line and not line.startswith(" ") else listed
        match = _CHILD.match(line)
        if match and listed and "[command]" in head:
            yield match["name"]


def section(text: str, title: str) -> str:
    """Return what stands below a title of the help."""
    return text.partition(f"\n{title}:\n")[2].partition("\n\n")[0]


def flags_of(section: str) -> dict[str, str]:
    """Return each spelling of each flag, and the type of its value; empty when it takes none."""
    flags: dict[str, str] = {}
    blocks = re.split(r"\n(?=  (?:-\w, |    )--)", section)
    for block in blocks:
        match = _FLAG.match(block.splitlines()[0]) if block else None
        if match is None:
            continue
        kind = re.match(r" (\w[\w-]*)(\[=.*?\])? {2,}", match["rest"] + "   ")
        value = "" if kind is None or kind[2] else kind[1]
        also = _ALSO.search(" ".join(block.split()))
        spellings = [match["name"], *(re.findall(r"--([\w-]+)", also[1]) if also else [])]
        for spelling in [*spellings, *([match["short"]] if match["short"] else [])]:
            flags[spelling] = value
    return flags
