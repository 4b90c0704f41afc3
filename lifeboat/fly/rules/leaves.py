"""Shapes of single values: which ones Fly accepts, and the one form in which equal ones are equal.

`canonical` gives None for a value that means the same as leaving it out, because the server fills those in or
leaves them out as it likes. Values it cannot read stay as they are: reporting them is the work of `problems`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from lifeboat.fly.rules.durations import duration_ns, format_duration_ns
from lifeboat.fly.rules.problem import IsUnknown, Problem
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.values import Value


class Shape(Protocol):
    """What a value must look like; implementations are data."""

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Yield what is wrong with a known value that is not None."""
        ...

    def canonical(self, value: Value) -> Value:
        """Return the one form of the value; None when it means the same as nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text; `default` is what the server takes when there is none."""

    default: str | None = ""
    absolute_path: bool = False

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Complain about anything but a text."""
        if not isinstance(value, str):
            yield Problem(path=at, reason=f"must be a text, not {_named(value)}{_quoted(value)}")
        elif self.absolute_path and not value.startswith("/"):
            yield Problem(path=at, reason=f"{value!r} must start with '/'")

    def canonical(self, value: Value) -> Value:
        """Drop the default."""
        return None if value == self.default else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of a few texts, in lower case unless `upper`."""

    of: tuple[str, ...]
    default: str | None = None
    upper: bool = False

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Complain about anything else, suggesting the nearest."""
        if not isinstance(value, str):
            yield Problem(path=at, reason=f"must be one of {', '.join(self.of)}, not {_named(value)}")
        elif self._fold(value) not in self.of:
            near = get_close_matches(self._fold(value), self.of, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(self.of)}"
            yield Problem(path=at, reason=f"unknown value {value!r}; {hint}")

    def canonical(self, value: Value) -> Value:
        """Fold the case and drop the default; Go writes an unset text as an empty one."""
        folded = self._fold(value) if isinstance(value, str) else value
        return None if folded in ("", self.default) else folded

    def _fold(self, text: str) -> str:
        return text.upper() if self.upper else text.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole number within bounds, both included."""

    least: int = 0
    most: int = 2**63 - 1
    default: int | None = None

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Complain about anything else."""
        if whole_number(value) is None:
            yield Problem(path=at, reason=f"must be a whole number, not {_named(value)}")
        elif not self.least <= value <= self.most:
            yield Problem(path=at, reason=f"{int(value)} is not between {self.least} and {self.most}")

    def canonical(self, value: Value) -> Value:
        """Turn 1.0 into 1 and drop the default."""
        whole = whole_number(value)
        kept = value if whole is None else whole
        return None if kept is not None and kept == self.default else kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A number above 0 and up to `most`."""

    most: float

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Complain about anything else."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= self.most:
            yield Problem(path=at, reason=f"must be a number above 0 and up to {self.most:g}")

    def canonical(self, value: Value) -> Value:
        """Drop zero, which Go writes for nothing."""
        return float(value) or None if isinstance(value, int | float) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A truth value."""

    default: bool | None = False

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Complain about anything but true and false."""
        if not isinstance(value, bool):
            yield Problem(path=at, reason=f"must be true or false, not {_named(value)}")

    def canonical(self, value: Value) -> Value:
        """Drop the default."""
        return None if value is self.default else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Autostop:
    """How the proxy stops a machine; booleans are the older words for off and stop, still sent in answers."""

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Complain about anything but off, stop, suspend and their booleans."""
        if not isinstance(value, bool):
            yield from Choice(of=("off", "stop", "suspend")).problems(value, at, is_unknown)

    def canonical(self, value: Value) -> Value:
        """Turn booleans into words and drop off."""
        word = ("stop" if value else "off") if isinstance(value, bool) else value
        return None if word == "off" else word


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A length of time: "10s", "1m30s", or whole nanoseconds; `default` is what the server takes."""

    default: str = ""

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Complain about anything else, and about negative lengths."""
        length_ns = duration_ns(value)
        if length_ns is None or length_ns < 0:
            yield Problem(path=at, reason=f"{value!r} is not a length of time; write it as '10s' or '1m30s'")

    def canonical(self, value: Value) -> Value:
        """Write it in one way."""
        length_ns = duration_ns(value)
        if length_ns is None:
            return value
        return None if length_ns == duration_ns(self.default) else format_duration_ns(length_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anything:
    """A value nobody here looks into."""

    def problems(self, value: Value, at: Path, is_unknown: IsUnknown) -> Iterator[Problem]:
        """Complain about nothing."""
        yield from ()

    def canonical(self, value: Value) -> Value:
        """Leave it."""
        return value


def whole_number(value: object) -> int | None:
    """Return a whole number given as int or float; None for anything else, truth values included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None


def _named(value: object) -> str:
    if isinstance(value, bool):
        return "a truth value"
    names = {int: "a number", float: "a number", str: "a text", list: "a list", dict: "a mapping"}
    return names.get(type(value), f"a {type(value).__name__}")


def _quoted(value: object) -> str:
    written = (
        str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else value
    )
    return f"; write '{written}'" if isinstance(value, bool | int | float) else ""
