"""Calls the Pulumi CLI: arguments in, standard output back; never a shell, never a prompt."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lifeboat.core.errors import LifeboatError, Refused

_GRACE_S = 30.0


class PulumiFailed(LifeboatError):
    """The CLI is not there, gave no answer, or said no; what it did, if anything, is found out by looking."""

    exit_code = 3
    meaning = Refused.meaning


def run_pulumi(arguments: Sequence[str], project: Path, *, timeout_s: float) -> str:
    """Return what the CLI printed on standard output.

    Args:
        arguments: what stands behind `pulumi`.
        project: the folder that holds Pulumi.yaml.
        timeout_s: after this long it is interrupted, as by Ctrl-C, so that it lets go of the stack.

    Raises:
        PulumiFailed: anything but an exit code of 0 in time; retryable, unless the program is missing.
    """
    try:
        child = subprocess.Popen(
            ["pulumi", "--non-interactive", "--color", "never", *arguments],
            cwd=project,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    except FileNotFoundError:
        raise PulumiFailed("the pulumi command is not on PATH") from None
    try:
        out, complaints = child.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        _end(child)
        raise PulumiFailed(
            f"pulumi {arguments[0]} gave no answer within {timeout_s:g} s", retryable=True
        ) from None
    except BaseException:
        _end(child)
        raise
    if child.returncode:
        raise PulumiFailed(
            f"pulumi {arguments[0]}: {_reason(complaints, out, child.returncode)}", retryable=True
        )
    return out


def _end(child: subprocess.Popen[str]) -> None:
    child.send_signal(signal.SIGINT)
    try:
        child.communicate(timeout=_GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()


def _reason(complaints: str, out: str, code: int) -> str:
    lines = [line.strip() for line in (complaints + "\n" + out).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("error:")]
    return (errors or lines or [f"ended with {code}"])[0].removeprefix("error: ")
