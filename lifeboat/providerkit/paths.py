"""Property paths: where something is in a resource's properties, written `rules[0].tags["a.b"]`."""

from __future__ import annotations

import re
from typing import TypeAlias

from lifeboat.core.errors import ConfigError

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the top; in a pattern the step `*` stands for any one of them."""

ANY = "*"
_BARE = re.compile(r"[A-Za-z_$][\w$]*")
_STEP = re.compile(r'\.?([A-Za-z_$*][\w$\-]*)|\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]')


def format_path(path: Path) -> str:
    """Write a path the way the engine prints it; the empty path is the empty text."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step == ANY:
            text += "[*]"
        elif _BARE.fullmatch(step):
            text += f".{step}" if text else step
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


def parse_path(text: str) -> Path:
    """Read a path or a pattern such as `rules[*].id`.

    Raises:
        ConfigError: the text is not a property path.
    """
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            raise ConfigError(f"{text!r} is not a property path", hint='write it as a.b[0]["c.d"]')
        steps.append(_step(match))
        at = match.end()
    return tuple(steps)


def _step(match: re.Match[str]) -> str | int:
    name, position, quoted = match.groups()
    if name is not None:
        return str(name)
    if position is not None:
        return ANY if position == ANY else int(position)
    return re.sub(r"\\(.)", r"\1", quoted)


def starts_with(path: Path, pattern: Path) -> bool:
    """Tell whether a path is what the pattern names, or lies under it."""
    return len(path) >= len(pattern) and all(
        want in (ANY, step) for want, step in zip(pattern, path, strict=False)
    )


def matches(path: Path, pattern: Path) -> bool:
    """Tell whether a path is exactly what the pattern names."""
    return len(path) == len(pattern) and starts_with(path, pattern)


def is_above(path: Path, pattern: Path) -> bool:
    """Tell whether the pattern names something strictly inside what the path names."""
    return len(path) < len(pattern) and all(
        want in (ANY, step) for want, step in zip(pattern, path, strict=False)
    )
