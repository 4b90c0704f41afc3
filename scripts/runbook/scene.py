"""What a rule is shown: one pipeline, and the block it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scripts.runbook.command import Command, Pipeline
from scripts.runbook.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One pipeline in its block.

    Args:
        pipeline: what is judged.
        block: every pipeline of the same block, in order.
    """

    pipeline: Pipeline
    block: tuple[Pipeline, ...]

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of the pipeline."""
        return self.pipeline.commands

    def in_block(self, program: str) -> Iterator[Command]:
        """Return every use of a program in the block."""
        return (each for one in self.block for each in one.commands if each.program == program)


Judge = Callable[[Scene], Iterator[tuple[Rule, Command]]]
"""Looks at one pipeline and says which rules which of its commands break."""
