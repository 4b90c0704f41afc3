"""One thing that is wrong with an environment file, and the error that reports all of them.

Must never carry the value at the path when that value might be a secret; `secret_scan` says which might.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifeboat.core.errors import ConfigError

REFERENCE = "environments/reference.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong where.

    Args:
        path: keys and list positions from the section down: `("alarms", "app", "cpu", "critical")`.
        message: lower-case, without a full stop; follows the path and a colon.
    """

    path: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        return f"{format_path(self.path)}: {self.message}"


def problem(path: str, message: str) -> Problem:
    """Return a problem at a dotted path (`alarms.app`); for keys that hold no dots themselves."""
    return Problem(path=tuple(path.split(".")), message=message)


def format_path(path: tuple[str | int, ...]) -> str:
    """Write a key path as people do: `secrets[2].rotation_days`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text or "file"


def refuse(problems: Sequence[Problem], file: str) -> ConfigError:
    """Return the error that lists every problem, one per line; the hint names the file and its reference."""
    return ConfigError(
        "\n".join(str(each) for each in problems),
        hint=f"correct {file}; {REFERENCE} explains every key",
    )
