"""What can go wrong while a group is worked on."""

from __future__ import annotations

from collections.abc import Iterable

from lifeboat.core.errors import StepFailed, Unverified


class MachineUnhealthy(StepFailed):
    """A machine does not serve: it exits, stays away, or a check of it keeps failing."""


class GroupIncomplete(Unverified):
    """Some of the work on a group was done and some was not.

    Args:
        reasons: what failed, one sentence each.
    """

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(self.reasons), hint="run `pulumi up` again to go on from here")
