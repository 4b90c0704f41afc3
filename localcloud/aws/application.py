"""The WSGI application: admin API, key check, faults, then moto behind the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from localcloud.aws.admin import Admin
from localcloud.aws.bucket_region import with_bucket_region
from localcloud.aws.credentials import HINT, is_refused
from localcloud.aws.fault_effects import serve_with_fault
from localcloud.aws.gate import Gate
from localcloud.aws.moto_app import MotoApp, not_supported
from localcloud.aws.persistence import Persistence
from localcloud.aws.request_scope import Environ, RequestScope, scope_of
from localcloud.aws.s3.operations import is_emulated
from localcloud.aws.wire_error import Answer, wire_error
from localcloud.aws.world import World

_LONG_POLLS = frozenset({("sqs", "ReceiveMessage")})


class Application:
    """Answers every request of the port."""

    def __init__(self, world: World, admin: Admin, gate: Gate, persistence: Persistence) -> None:
        self._world = world
        self._admin = admin
        self._gate = gate
        self._persistence = persistence
        self._moto = MotoApp()

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        """Serve one request (PEP 3333)."""
        answer = self._answer(environ)
        names = {name.lower() for name, _ in answer.headers}
        # Without a length the connection could not be kept open for the next request.
        length = [] if "content-length" in names else [("Content-Length", str(len(answer.body)))]
        start_response(answer.status, [*answer.headers, *length])
        return [answer.body]

    def _answer(self, environ: Environ) -> Answer:
        path = environ["PATH_INFO"]
        if path.startswith("/_lifeboat/"):
            return self._admin.answer(environ)
        scope = with_bucket_region(scope_of(environ), environ)
        if path.startswith("/moto-api"):
            return not_supported(environ, scope, "the admin API is under /_lifeboat/")
        if is_refused(scope):
            return wire_error(
                environ, scope.service, status=403, code="RealCredentialsRefused", message=f"hint: {HINT}"
            )
        if not is_emulated(scope):
            return not_supported(environ, scope, "")
        fault = self._world.faults.take(scope)
        if fault is None:
            return self._serve(environ, scope)
        return serve_with_fault(fault, environ, scope, lambda: self._serve(environ, scope), self._world.clock)

    def _serve(self, environ: Environ, scope: RequestScope) -> Answer:
        if (scope.service, scope.action) in _LONG_POLLS:
            # It may wait for 20 s, and a save must not wait for it.
            answer = self._moto.answer(environ, scope)
        else:
            with self._gate.shared():
                answer = self._moto.answer(environ, scope)
        if not scope.is_read:
            self._persistence.mark_dirty()
        return answer
