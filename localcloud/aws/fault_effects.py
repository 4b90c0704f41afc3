"""What a fault does to one request: wait, answer an error, or never answer."""

from __future__ import annotations

from collections.abc import Callable

from lifeboat.core.clock import Clock
from localcloud.aws.faults import FaultKind, FaultSpec
from localcloud.aws.request_scope import Environ, RequestScope
from localcloud.aws.wire_error import Answer, wire_error

HANG_S = 300.0
"""How long a hang holds a client that has set no timeout of its own."""
_LOOK_S = 0.05


class ConnectionDropped(Exception):
    """The client shall see its connection close without an answer."""


def serve_with_fault(
    fault: FaultSpec, environ: Environ, scope: RequestScope, serve: Callable[[], Answer], clock: Clock
) -> Answer:
    """Answer a request that a fault has met.

    Raises:
        ConnectionDropped: the fault leaves the client without an answer.
    """
    match fault.kind:
        case FaultKind.ERROR:
            _hold(environ, clock, fault.delay_s or 0.0)
            message = f"a fault declared on the local cloud: {scope.service} in {scope.region}"
            return wire_error(environ, scope.service, status=fault.status, code=fault.code, message=message)
        case FaultKind.LATENCY:
            _hold(environ, clock, fault.delay_s if fault.delay_s is not None else 1.0)
            return serve()
        case FaultKind.TIMEOUT_AFTER_WRITE:
            serve()
    if fault.kind is not FaultKind.DROP:
        _hold(environ, clock, fault.delay_s if fault.delay_s is not None else HANG_S)
    raise ConnectionDropped


def _hold(environ: Environ, clock: Clock, seconds: float) -> None:
    """Wait, but leave as soon as the client has gone: its thread is wanted by others."""
    has_gone = environ.get("waitress.client_disconnected", lambda: False)
    end_s = clock.monotonic_s() + seconds
    while (left_s := end_s - clock.monotonic_s()) > 0 and not has_gone():
        clock.sleep(min(left_s, _LOOK_S))
