"""One request answered by moto, whole; what moto cannot do becomes a typed error, never another operation."""

from __future__ import annotations

import logging
from typing import Any, cast

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.request_scope import Environ, RequestScope
from localcloud.aws.wire_error import Answer, wire_error

NOT_SUPPORTED = "NotSupportedByLocalCloud"

_log = logging.getLogger(__name__)


class MotoApp:
    """Calls moto's dispatcher, which loads each service at its first request."""

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        self._dispatcher = cast("MotoObject", DomainDispatcherApplication(create_backend_app))
        find = self._dispatcher.get_backend_for_host
        known = [pattern for _, pattern in self._dispatcher.backend_url_patterns]

        def find_or_refuse(host: str | None) -> MotoObject:
            if host and ".amazonaws.com" in host and not any(one.match(f"http://{host}") for one in known):
                raise NotImplementedError("there is no such service here")
            return find(host)

        self._dispatcher.get_backend_for_host = find_or_refuse

    def answer(self, environ: Environ, scope: RequestScope) -> Answer:
        """Answer a request; an exception inside moto is logged and answered as InternalFailure."""
        try:
            answer = self._call(environ)
        except NotImplementedError as error:
            return not_supported(environ, scope, str(error))
        except Exception as error:
            _log.exception("%s %s %s failed inside moto", scope.region, scope.service, scope.action)
            return wire_error(
                environ, scope.service, status=500, code="InternalFailure", message=f"local cloud: {error!r}"
            )
        return not_supported(environ, scope, "") if _is_unrouted(answer, scope) else answer

    def _call(self, environ: Environ) -> Answer:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> object:
            started[:] = [status, tuple(headers)]
            return lambda _chunk: None

        chunks = self._dispatcher(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        return Answer(status=started[0], headers=started[1], body=body)


def not_supported(environ: Environ, scope: RequestScope, why: str) -> Answer:
    """Build the answer for what the local cloud does not do."""
    operation = f"{scope.service} {scope.action}".strip() or environ["PATH_INFO"]
    message = f"the local cloud does not emulate {operation}" + (f": {why}" if why else "")
    return wire_error(environ, scope.service, status=501, code=NOT_SUPPORTED, message=message)


def _is_unrouted(answer: Answer, scope: RequestScope) -> bool:
    """Tell Flask's own "no such route" page and moto's empty 404 from a service's NotFound."""
    if not answer.status.startswith(("404", "405")) or scope.service in {"s3", ""}:
        return False
    content_type = dict(answer.headers).get("Content-Type", "")
    return not answer.body or (content_type.startswith("text/html") and b"<!doctype html>" in answer.body)
