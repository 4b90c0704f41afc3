"""Which tests show what the client does under which declared fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from localcloud.fly.faults.board import FaultKind

TestT = TypeVar("TestT", bound=Callable[..., None])
PROVEN: defaultdict[FaultKind, set[str]] = defaultdict(set)
"""Names of tests by fault."""


def proves(*kinds: FaultKind) -> Callable[[TestT], TestT]:
    """Note that a test shows what the client does under these faults."""

    def note(test: TestT) -> TestT:
        for kind in kinds:
            PROVEN[kind].add(test.__name__)
        return test

    return note
