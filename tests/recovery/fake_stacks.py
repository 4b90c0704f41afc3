"""A Pulumi stack in memory: a state that resources follow objects in, and a preview that a test chooses."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from scripts.observe.stack_preview import PreviewedChange
from scripts.observe.stack_state import StackState
from scripts.plans.reconcile import INSTANCE
from tests.recovery.memory_store import Killer


class FakeStack:
    """The stack that outlives whoever works on it.

    Args:
        followed: object ids by logical name of the resource.
    """

    def __init__(self, followed: Mapping[str, str]) -> None:
        resources = [
            {"urn": _urn(name), "type": INSTANCE, "id": held, "outputs": {"resourceId": held, "port": 5432}}
            for name, held in followed.items()
        ]
        self.document: dict[str, Any] = {"version": 3, "deployment": {"resources": resources}}
        self.writes = 0
        self.refreshed: list[str] = []
        self.changes: tuple[PreviewedChange, ...] = ()

    @property
    def followed(self) -> dict[str, str]:
        """What each resource follows."""
        resources = self.document["deployment"]["resources"]
        return {one["urn"].rpartition("::")[2]: one["id"] for one in resources}


class FakeStacks:
    """The stack as one process reaches it."""

    def __init__(self, stack: FakeStack, killer: Killer) -> None:
        self._stack = stack
        self._killer = killer

    def state(self, stack: str) -> StackState:
        """As the real one."""
        return StackState(document=copy.deepcopy(self._stack.document))

    def write(self, stack: str, state: StackState) -> None:
        """As the real one; a moment to die at."""
        self._killer.moment("before write of the state")
        self._stack.document = copy.deepcopy(dict(state.document))
        self._stack.writes += 1
        self._killer.moment("after write of the state")

    def refresh(self, stack: str, urns: Sequence[str], timeout_s: float) -> None:
        """As the real one."""
        self._stack.refreshed += urns

    def preview(self, stack: str, timeout_s: float) -> tuple[PreviewedChange, ...]:
        """As the real one."""
        return self._stack.changes


def _urn(name: str) -> str:
    return f"urn:pulumi:production::lifeboat::{INSTANCE}::{name}"
