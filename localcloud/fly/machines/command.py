"""One command run to its end, with bounds on its time and on what it may write."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from localcloud.fly.machines.running import ExecResult

_MOST_OUTPUT = 1024 * 1024
_NOT_FOUND = 127
_NOT_RUNNABLE = 126


async def run_command(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    directory: Path,
    stdin: str,
    timeout_s: float,
) -> ExecResult:
    """Run a command; one that is not there answers as a shell would, 127.

    Raises:
        TimeoutError: it took longer than `timeout_s`; it and what it started were killed.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=directory,
            env=dict(environment),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        code = _NOT_FOUND if isinstance(error, FileNotFoundError) else _NOT_RUNNABLE
        reason = getattr(error, "strerror", None) or str(error)
        return ExecResult(exit_code=code, exit_signal=0, stdout="", stderr=f"{command[0]}: {reason}\n")
    try:
        async with asyncio.timeout(timeout_s):
            out, err = await process.communicate(stdin.encode())
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    code = process.returncode or 0
    return ExecResult(
        exit_code=128 - code if code < 0 else code,
        exit_signal=max(0, -code),
        stdout=out[:_MOST_OUTPUT].decode(errors="replace"),
        stderr=err[:_MOST_OUTPUT].decode(errors="replace"),
    )
