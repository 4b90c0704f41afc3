"""What could not be seen, as a value: a preflight says so about one thing and still looks at the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from lifeboat.core.errors import LifeboatError
from scripts.observe.aws import SaidNo

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Something nobody could see.

    Args:
        reason: why, in the words of the error.
        was_refused: whether somebody answered, and said no.
    """

    reason: str
    was_refused: bool = False


def seen(look: Callable[[], T]) -> T | Unseen:
    """Return what a look gives, or why it gave nothing; an error that is not ours goes through."""
    try:
        return look()
    except SaidNo as error:
        return Unseen(reason=error.message, was_refused=True)
    except LifeboatError as error:
        return Unseen(reason=error.message)
