"""Puts right what a killed engine left on a local stack: its lock, its open operations, a half-written file.

Runs before every command that changes a stack, and costs a few file reads when there is nothing to do. It
never takes a lock away from a process that lives, and never deletes an object.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from lifeboat.core.errors import LeaseHeld, Stuck
from localcloud.stack.checkpoint import glance_at
from localcloud.stack.engine import Engine
from localcloud.stack.engine_lock import (
    EngineLock,
    Holder,
    holder_of,
    process_began_at,
    read_locks,
    this_host,
)
from localcloud.stack.home import LocalHome
from localcloud.stack.pending import Settled, settle
from localcloud.stack.torn_attributes import remove_torn_attributes

Say = Callable[[str], None]


def heal(engine: Engine, home: LocalHome, say: Say) -> bool:
    """Put a stack right.

    Args:
        engine: the engine, pointed at the stack.
        home: its checkout.
        say: takes one line about each thing that was put right.

    Returns:
        Whether open operations were found; the stack was refreshed then.

    Raises:
        LeaseHeld: a living engine works on the stack.
        Stuck: the engine refuses what is left.
    """
    for path in remove_torn_attributes(home.checkpoint(engine.stack)):
        say(f"a killed engine had begun to write {path.name}; removed, the state is whole")
    release_dead_locks(engine, home, say)
    if not glance_at(home.checkpoint(engine.stack)).pending:
        return False
    document = json.loads(engine.ask(["stack", "export"]))
    settled = settle(document, read_created(home.created(engine.stack)))
    _import(engine, settled)
    _tell(settled, say)
    engine.ask(["refresh", "--yes", "--skip-preview"])
    return True


def release_dead_locks(engine: Engine, home: LocalHome, say: Say) -> None:
    """Release the engine's locks on a stack if every holder is dead.

    Raises:
        LeaseHeld: a holder lives, or is on another host and cannot be looked at.
    """
    locks = read_locks(home.engine_locks(engine.stack))
    if not locks:
        return
    for lock in locks:
        if lock is not None:
            _refuse_living(engine.stack, lock)
    engine.ask(["cancel", "--yes"])
    held = ", ".join(f"process {lock.pid} since {_moment(lock)}" for lock in locks if lock is not None)
    say(f"released the lock of an engine that was killed ({held or 'unreadable'})")


def read_created(path: Path) -> dict[str, str]:
    """Return ids by URN as the stand-in noted them; the last line may be cut off."""
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    for line in path.read_text(errors="replace").splitlines():
        try:
            entry = json.loads(line)
            found[entry["urn"]] = entry["id"]
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _refuse_living(stack: str, lock: EngineLock) -> None:
    holder = holder_of(lock, host=this_host(), began_at=process_began_at)
    if holder is Holder.DEAD:
        return
    where = "" if holder is Holder.ALIVE else f" on host {lock.hostname!r}"
    hint = (
        "wait for it, or interrupt it where it runs"
        if holder is Holder.ALIVE
        else f'if it is gone: eval "$(lifeboat env {stack})" && pulumi cancel --yes'
    )
    raise LeaseHeld(
        f"stack {stack!r} is held by a running engine: process {lock.pid} of {lock.username}{where}"
        f" since {_moment(lock)}",
        hint=hint,
        retryable=True,
    )


def _moment(lock: EngineLock) -> str:
    return f"{lock.timestamp:%Y-%m-%d %H:%M:%S %Z}"


def _import(engine: Engine, settled: Settled) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".json", prefix="lifeboat-") as file:
        json.dump(settled.document, file)
        file.flush()
        try:
            engine.ask(["stack", "import", "--file", file.name])
        except Stuck as error:
            raise Stuck(
                f"the operations a killed engine left open cannot be settled: {error.message}",
                hint=f"look at `pulumi stack export --stack {engine.stack}`; nothing was changed",
            ) from error


def _tell(settled: Settled, say: Say) -> None:
    for urn, identifier in settled.adopted:
        say(f"a killed engine had begun to create {_name(urn)}; taken over as {identifier}")
    for urn in settled.dropped:
        say(f"a killed engine had begun to create {_name(urn)}; it will be created again")
    for urn in settled.looked_at:
        say(f"a killed engine was changing {_name(urn)}; read again")


def _name(urn: str) -> str:
    """Return type and name of a URN."""
    return "::".join(urn.split("::")[2:])
