"""Runs PostgreSQL's programs: one process, no shell, no pipe between two, every exit code looked at.

A child gets an environment of its own making, so that a PGOPTIONS or PGSERVICE of the operator's cannot turn
it elsewhere, and the password only there.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from lifeboat.core.errors import StepFailed
from lifeboat.core.secret import Secret
from scripts.actions.backup_relay import PORT

_PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "PGTZ": "UTC"}
_LINES = 6
_NOTICE = re.compile(r"^(?:\S+: )?(?:NOTICE|WARNING|DETAIL|HINT|CONTEXT):")


def child_environment(
    sockets: Path, user: str, password: Secret, database: str, port: int = PORT
) -> dict[str, str]:
    """Return the environment of a program that connects over a unix socket.

    Args:
        sockets: directory of the socket.
        user: who logs in.
        password: of that user.
        database: which one.
        port: names the socket in its directory.
    """
    return {
        **_PLAIN,
        "PGHOST": str(sockets),
        "PGPORT": str(port),
        "PGUSER": user,
        "PGPASSWORD": password.reveal(),
        "PGDATABASE": database,
        "PGGSSENCMODE": "disable",
        "PGCONNECT_TIMEOUT": "30",
        "PGAPPNAME": "lifeboat backup",
    }


def run_child(
    argv: Sequence[str | Path],
    *,
    environment: Mapping[str, str] = _PLAIN,
    cwd: Path,
    timeout_s: float,
    must_be_quiet: bool = False,
) -> str:
    """Run a program to its end and return what it printed.

    Args:
        argv: never a secret.
        environment: all of it.
        cwd: where it runs.
        timeout_s: after this long it is killed.
        must_be_quiet: an exit code of 0 is not believed when it complained of anything but what a server
            merely noticed; for programs whose word something is proven by.

    Raises:
        StepFailed: it ended with anything but 0, complained, or took too long.
    """
    name = Path(argv[0]).name
    try:
        ended = subprocess.run(
            argv,
            env=dict(environment),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout_s,
        )
    except subprocess.TimeoutExpired:
        raise StepFailed(f"{name} did not end within {timeout_s:g} s", retryable=True) from None
    if ended.returncode:
        raise StepFailed(f"{name} ended with {ended.returncode}: {last_words(ended.stderr)}")
    said = complaints(ended.stderr) if must_be_quiet else ""
    if said:
        raise StepFailed(f"{name} ended with 0 and complained: {last_words(said)}")
    return ended.stdout


def complaints(text: str) -> str:
    """Return what of the words of a program is more than a notice; what is not known is a complaint."""
    return "\n".join(line for line in text.splitlines() if line.strip() and not _NOTICE.search(line))


def last_words(text: str) -> str:
    """Return the end of what a program complained about, as one line."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return "; ".join(lines[-_LINES:]) or "it said nothing"
