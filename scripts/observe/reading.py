"""One reading of the contract: what it says, where it was read, and how old it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lifeboat.core.contract import Contract
from lifeboat.core.errors import LifeboatError, Refused


class SourceUnreadable(Refused):
    """One source of the contract could not be read; the next one is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A contract and its provenance.

    Args:
        contract: what was read.
        source: which source it was, and the exact place.
        written_at: when that copy was written; None when the source does not say.
        passed_over: why each better place was not used, in order.
    """

    contract: Contract
    source: str
    written_at: datetime | None
    passed_over: tuple[str, ...] = ()


Source = Callable[[], Reading]


def first_readable(sources: Sequence[tuple[str, Source]]) -> Reading:
    """Return the reading of the first source that answers.

    Args:
        sources: name and reader of each, best first. A reader raises one of our errors when it cannot answer.

    Raises:
        Refused: none answered; the message says why, source by source.
    """
    reasons: list[str] = []
    for name, read in sources:
        try:
            reading = read()
        except LifeboatError as error:
            reasons.append(f"{name}: {error.message}")
            continue
        return replace(reading, passed_over=(*reasons, *reading.passed_over))
    raise Refused(
        "the contract could not be read from any source\n" + "\n".join(reasons),
        hint="is the stack's name right, and was it ever brought up? `lifeboat up` for a local one",
    )
