"""What an earlier run left behind that was killed: its servers, and the programs that were making one.

A process is ours only if it works in our directory, or is one of PostgreSQL's programs and was told to. A
shell somebody opened there, and another cloud's servers, are left alone.
"""

from __future__ import annotations

from pathlib import Path

import psutil

_SERVER = "postgres"
_PROGRAMS = frozenset(
    {_SERVER, "initdb", "pg_basebackup", "pg_combinebackup", "pg_ctl", "pg_resetwal", "pg_rewind"}
)
_GONE_S = 10.0
_ROUNDS = 20


def end_leftovers(directory: Path) -> tuple[int, ...]:
    """Kill every process of PostgreSQL that belongs to a directory, and return their pids.

    Raises:
        psutil.TimeoutExpired: one did not go away.
    """
    ended: list[int] = []
    # Again until none is left: a postmaster may bear children while the first ones are being killed.
    for _ in range(_ROUNDS):
        processes = leftovers_of(directory)
        if not processes:
            return tuple(ended)
        for process in processes:
            _kill(process)
        ended += [process.pid for process in processes]
        _, alive = psutil.wait_procs(processes, timeout=_GONE_S)
        if alive:
            raise psutil.TimeoutExpired(_GONE_S, alive[0].pid)
    raise psutil.TimeoutExpired(_GONE_S)


def leftovers_of(directory: Path) -> tuple[psutil.Process, ...]:
    """Return the living processes of PostgreSQL that belong to a directory."""
    place = directory.resolve()
    return tuple(process for process in psutil.process_iter() if _belongs(process, place))


def _belongs(process: psutil.Process, place: Path) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE or Path(process.exe()).name not in _PROGRAMS:
            return False
        named = (Path(word.partition("=")[2] or word) for word in process.cmdline())
        return any(path.is_relative_to(place) for path in (Path(process.cwd()), *named))
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
