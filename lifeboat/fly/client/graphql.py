"""One question to Fly's GraphQL; only for what REST does not have, and never on the recovery path.

A GraphQL failure is a success with `errors`; their `extensions.code` decides what they mean, not their text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lifeboat.fly.client import errors
from lifeboat.fly.client.answer import Answer
from lifeboat.fly.client.errors import FlyError, Origin
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.operation import Operation, Pace, Safety, Server

_MEANINGS: dict[str, type[FlyError]] = {
    "NOT_FOUND": errors.NotFound,
    "UNAUTHORIZED": errors.Unauthorized,
    "UNAUTHENTICATED": errors.Unauthorized,
    "FORBIDDEN": errors.Forbidden,
    "UNPROCESSABLE": errors.InvalidRequest,
    "GRAPHQL_VALIDATION_FAILED": errors.InvalidRequest,
    "INTERNAL_SERVER_ERROR": errors.Unavailable,
    "SERVER_ERROR": errors.Unavailable,
}
_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question that changes nothing; `name` is its operation name, `text` the document."""

    name: str
    text: str

    @property
    def operation(self) -> Operation:
        """The HTTP operation it travels by."""
        return Operation(
            name=f"graphql.{self.name}",
            method="POST",
            path="/graphql",
            safety=Safety.READ,
            pace=Pace.NONE,
            server=Server.API,
        )


def ask(http: Http, query: Query, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Ask and return `data`.

    Raises:
        NotFound: it names something that does not exist.
        ProtocolError: the errors have no known code, or the answer has no data.
        FlyError: whatever else.
    """
    body = {"operationName": query.name, "query": query.text, "variables": dict(variables)}
    answer = http.call(query.operation, body=body)
    failures = answer.items("errors") if "errors" in answer.fields() else []
    if failures:
        raise _meaning(query, answer, failures[0], http.redact)
    data = answer.fields().get("data")
    if not isinstance(data, dict):
        raise answer.surprise("has no data")
    return data


def _meaning(
    query: Query,
    answer: Answer,
    failure: Any,  # noqa: ANN401  # parsed JSON
    redact: Callable[[str], str],
) -> FlyError:
    fields = failure if isinstance(failure, dict) else {}
    extensions = fields.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    said = redact(str(fields.get("message") or "no reason given"))[:_LONGEST]
    kind = _MEANINGS.get(code, errors.ProtocolError) if isinstance(code, str) else errors.ProtocolError
    origin = Origin(
        operation=answer.origin.operation,
        status=answer.origin.status,
        request_id=answer.origin.request_id,
        said=said,
    )
    return kind(f"{query.name}: {said}", origin=origin)
