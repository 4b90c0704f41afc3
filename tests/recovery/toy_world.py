"""A small world that outlives the processes working on it, and the step kinds that change it.

`make` starts something that takes a while to be there, `flip` changes a switch, `read` only looks. Every call
that changes something is counted; the killer may strike before and after each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lifeboat.core.errors import LifeboatError, StepFailed
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done, underway, unknown
from scripts.engine.json_values import Json
from scripts.engine.step import Effect, Step
from scripts.engine.step_kind import Kinds
from scripts.engine.verification import Undone, Verification
from tests.recovery.memory_store import Killer
from tests.recovery.plans import a_step


@dataclass
class Thing:
    """Something that was made; whole after some looks."""

    looks_left: int
    tags: Mapping[str, str]
    broken: bool = False


@dataclass
class ToyWorld:
    """What there is, and how often it was changed.

    Args:
        looks: looks a new thing is underway for.
        fail: makes calls fail: name of the step to the errors its next calls raise, before the effect.
        fail_after: the same, after the effect.
        breaks: steps whose thing breaks while it is made.
        lasting: steps whose removal changes nothing.
        look_fails: errors the next looks at a step raise.
        hidden: steps nobody can tell anything about.
        findings: what verifying a step finds.
        on_act: called inside every act, with its step and context.
    """

    looks: int = 2
    things: dict[str, Thing] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    fail: dict[str, list[LifeboatError]] = field(default_factory=dict)
    fail_after: dict[str, list[LifeboatError]] = field(default_factory=dict)
    breaks: set[str] = field(default_factory=set)
    lasting: set[str] = field(default_factory=set)
    look_fails: dict[str, list[LifeboatError]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    findings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    on_act: Callable[[Step, Context], None] = lambda _step, _context: None

    def call(self, name: str, step: Step, killer: Killer, effect: Callable[[], None]) -> None:
        """One remote call: it may fail or kill on both sides of its effect."""
        killer.moment(f"before {name} {step.id}")
        if self.fail.get(step.id):
            raise self.fail[step.id].pop(0)
        effect()
        self.calls[f"{name} {step.id}"] += 1
        killer.moment(f"after {name} {step.id}")
        if self.fail_after.get(step.id):
            raise self.fail_after[step.id].pop(0)

    def snapshot(self) -> tuple[object, ...]:
        """Return what there is, to compare."""
        return sorted(self.things), dict(self.switches)


class _Kind:
    def __init__(self, world: ToyWorld, killer: Killer) -> None:
        self.world = world
        self.killer = killer

    def verify(self, step: Step, context: Context) -> Verification:
        """Prove it."""
        return Verification(findings=self.world.findings.get(step.id, ()), level=3)


class Make(_Kind):
    """Makes a thing, found again by the run id in its tags."""

    name = "make"

    def look(self, step: Step, context: Context) -> Found:
        """Look."""
        if step.id in self.world.hidden:
            return unknown("the world does not answer")
        if self.world.look_fails.get(step.id):
            raise self.world.look_fails[step.id].pop(0)
        thing = self.world.things.get(step.id)
        if thing is None:
            return absent()
        if thing.broken:
            raise StepFailed(f"{step.id} is broken")
        if thing.looks_left:
            thing.looks_left -= 1
            return underway("being made")
        return done({"name": step.id, "made_by": thing.tags["run"]})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Do it."""
        self.world.on_act(step, context)
        tags = {"run": context.run_id}
        self.world.call("make", step, self.killer, lambda: self._make(step, tags))
        return {"asked": True}

    def undo(self, step: Step, context: Context) -> Undone:
        """Take it back."""
        self.world.call("remove", step, self.killer, lambda: self._remove(step))
        return Undone()

    def _make(self, step: Step, tags: Mapping[str, str]) -> None:
        assert step.id not in self.world.things, "made twice"
        is_broken = step.id in self.world.breaks
        self.world.things[step.id] = Thing(looks_left=self.world.looks, tags=tags, broken=is_broken)

    def _remove(self, step: Step) -> None:
        if step.id not in self.world.lasting:
            del self.world.things[step.id]


class Flip(_Kind):
    """Turns a switch on."""

    name = "flip"

    def look(self, step: Step, context: Context) -> Found:
        """Look."""
        return done({"on": True}) if self.world.switches.get(step.id) else absent()

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Do it."""
        self.world.on_act(step, context)
        self.world.call("flip", step, self.killer, lambda: self.world.switches.update({step.id: True}))
        return {}

    def undo(self, step: Step, context: Context) -> Undone:
        """Take it back."""
        self.world.call("flip back", step, self.killer, lambda: self.world.switches.update({step.id: False}))
        return Undone()


class Read(_Kind):
    """Reads what the steps before it gave."""

    name = "read"

    def look(self, step: Step, context: Context) -> Found:
        """Look."""
        return absent()

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Do it."""
        self.world.on_act(step, context)
        context.note("loss", measured_s=12.5)
        return {"seen": sorted(context.results)}

    def undo(self, step: Step, context: Context) -> Undone:
        """Take it back."""
        raise AssertionError("what only reads is never undone")


def toy_kinds(world: ToyWorld, killer: Killer | None = None) -> Kinds:
    """Return the kinds working on a world."""
    hand = killer or Killer()
    return Kinds((Make(world, hand), Flip(world, hand), Read(world, hand)))


def toy_steps() -> tuple[Step, ...]:
    """Return a recovery: look around, make a copy, turn to it, check it."""
    return (
        a_step("look-around", kind="read", effect=Effect.READS, undoable=False),
        a_step("make-copy"),
        a_step("turn-over", kind="flip", effect=Effect.DANGEROUS),
        a_step("check", kind="read", effect=Effect.READS, undoable=False),
    )
