"""One command at a time on a local stack: the second is told who holds it and since when."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from lifeboat.core.errors import LeaseHeld
from localcloud.stack.home import LocalHome


class _Holder(BaseModel):
    model_config = ConfigDict(frozen=True)

    pid: int
    command: str
    since: datetime


@contextmanager
def working_on(stack: str, home: LocalHome, *, command: str, now: datetime) -> Iterator[None]:
    """Hold a stack for the length of a block; the system releases it when this process ends, however it ends.

    Args:
        stack: a local stack.
        home: its checkout.
        command: what is being done, told to others.
        now: the moment it began.

    Raises:
        LeaseHeld: another process holds the stack.
    """
    path = home.work_lock(stack)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The lock's own file is emptied by whoever tries, so the name of its holder lies beside it.
    holder = path.with_suffix(".holder.json")
    try:
        with FileLock(path, timeout=0):
            holder.write_text(_Holder(pid=os.getpid(), command=command, since=now).model_dump_json())
            try:
                yield
            finally:
                holder.unlink(missing_ok=True)
    except Timeout as error:
        raise LeaseHeld(
            f"stack {stack!r} is held by {_describe(holder)}",
            hint="wait for it, or interrupt it with Ctrl-C where it runs",
            retryable=True,
        ) from error


def _describe(path: Path) -> str:
    try:
        holder = _Holder.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return "another process that is just beginning or ending"
    return f"process {holder.pid} (`lifeboat {holder.command}`) since {holder.since:%Y-%m-%d %H:%M:%S} UTC"
