"""One command run to its end, with bounds on its time and on what it may write."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from localcloud.fly.machines.lifeline_shell import with_lifeline
from localcloud.fly.machines.running import ExecResult

_MOST_OUTPUT = 1024 * 1024
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
    lifeline, ours = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *with_lifeline(command, lifeline),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=directory,
            env=dict(environment),
            pass_fds=(lifeline,),
            start_new_session=True,
        )
        out, err = await _finish(process, stdin, timeout_s)
    except (OSError, ValueError) as error:
        if isinstance(error, TimeoutError):
            raise
        return ExecResult(exit_code=_NOT_RUNNABLE, exit_signal=0, stdout="", stderr=f"{error}\n")
    finally:
        os.close(lifeline)
        os.close(ours)
    code = process.returncode or 0
    return ExecResult(
        exit_code=128 - code if code < 0 else code,
        exit_signal=max(0, -code),
        stdout=out[:_MOST_OUTPUT].decode(errors="replace"),
        stderr=err[:_MOST_OUTPUT].decode(errors="replace"),
    )


async def _finish(process: asyncio.subprocess.Process, stdin: str, timeout_s: float) -> tuple[bytes, bytes]:
    try:
        async with asyncio.timeout(timeout_s):
            return await process.communicate(stdin.encode(errors="replace"))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
