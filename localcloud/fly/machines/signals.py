"""Signals as the API takes them: a name of the spec, or a number (flyctl's `machine kill` sends 9)."""

from __future__ import annotations

import signal

from localcloud.fly.wire_error import WireError

_STOPPING = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM")
_ANY = (*_STOPPING, "SIGABRT", "SIGALRM", "SIGFPE", "SIGILL", "SIGPIPE", "SIGSEGV", "SIGTRAP")


def stop_signal(value: object) -> int:
    """Return the number of a signal that stops a machine; nothing given means SIGINT.

    Raises:
        WireError: 400.
    """
    return _number(value, _STOPPING) if value else signal.SIGINT


def any_signal(value: object) -> int:
    """Return the number of a signal to send to a machine.

    Raises:
        WireError: 400.
    """
    return _number(value, _ANY)


def _number(value: object, allowed: tuple[str, ...]) -> int:
    numbers = {int(getattr(signal, name)): name for name in allowed}
    if isinstance(value, int) and not isinstance(value, bool) and value in numbers:
        return value
    if isinstance(value, str) and value in allowed:
        return int(getattr(signal, value))
    raise WireError(400, f"invalid_argument: invalid signal {value!r}")
