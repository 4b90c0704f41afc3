"""One `pulumi up` of a local stack: what it did, or the error that says how far it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lifeboat.core.clock import Clock
from lifeboat.core.errors import ConfigError, LifeboatError, Unverified
from localcloud.stack.engine import Engine
from localcloud.stack.events import Account

UP = ("up", "--yes", "--skip-preview", "--json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned:
    """Resources by what was done to them, as the engine counts them (components and providers included)."""

    created: int
    updated: int
    replaced: int
    deleted: int
    unchanged: int
    seconds: float

    def then(self, later: Provisioned) -> Provisioned:
        """Return what this run and a later one did together."""
        return Provisioned(
            created=self.created + later.created,
            updated=self.updated + later.updated,
            replaced=self.replaced + later.replaced,
            deleted=self.deleted + later.deleted,
            unchanged=min(self.unchanged, later.unchanged),
            seconds=self.seconds + later.seconds,
        )


def provision(engine: Engine, *, refresh: bool, say: Callable[[str], None], clock: Clock) -> Provisioned:
    """Make the world as the environment's data says.

    Args:
        engine: the engine, pointed at the stack.
        refresh: look at every object first, because the cloud may hold less than the state says.
        say: takes each line worth telling.
        clock: time.

    Raises:
        ConfigError: the program failed before anything was begun.
        Unverified: something was begun and not everything was done.
        KeyboardInterrupt: it was interrupted; what was begun was ended and written down.
    """
    account = Account()

    def take(line: str) -> None:
        for text in account.take(line):
            say(text)

    began_s = clock.monotonic_s()
    code = engine.run([*UP, *(["--refresh"] if refresh else [])], take)
    if code:
        raise failure(engine.stack, account, code)
    return Provisioned(
        created=account.count("create"),
        updated=account.count("update"),
        replaced=account.count("replace"),
        deleted=account.count("delete"),
        unchanged=account.count("same"),
        seconds=clock.monotonic_s() - began_s,
    )


def failure(stack: str, account: Account, code: int) -> LifeboatError:
    """Return the error of a run that ended with a code other than 0 (negative: the signal that ended it)."""
    words = "\n".join(account.complaints) or f"the engine ended with exit code {code} and gave no reason"
    if not account.begun:
        return ConfigError(f"stack {stack!r} was not touched: {words}")
    done = sum(number for operation, number in account.done.items() if operation != "same")
    return Unverified(
        f"stack {stack!r} is done in part, {done} of {account.begun} operations: {words}",
        hint="what was done is written down; remove the cause and run it again, it goes on from there",
    )
