"""Parsing, validating and executing a GraphQL request: any document, not a list of known ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from localcloud.fly.graphql.caller import Caller
from localcloud.fly.graphql.mutations import Mutations
from localcloud.fly.graphql.queries import Queries

_MOST_TOKENS = 10_000
"""A document longer than this is no client's; parsing stops there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A request as it was sent."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None = None


@cache
def schema() -> GraphQLSchema:
    """Return the schema, built once."""
    return build_schema((Path(__file__).parent / "schema.graphql").read_text())


def run(document: Document, caller: Caller) -> dict[str, Any]:
    """Execute a request and return the body of its answer, `data` and `errors` as GraphQL has them.

    Raises:
        Exception: what a resolver raised that is no GraphQL error: our bug, not an answer.
    """
    try:
        parsed = parse(document.query, max_tokens=_MOST_TOKENS)
    except GraphQLError as error:
        return {"errors": [error.formatted]}
    errors = validate(schema(), parsed)
    if errors:
        return {"errors": [error.formatted for error in errors]}
    result = _execute(parsed, document, caller)
    for found in result.errors or ():
        if found.original_error is not None and not isinstance(found.original_error, GraphQLError):
            raise found.original_error
    return dict(result.formatted)


def _execute(parsed: DocumentNode, document: Document, caller: Caller) -> ExecutionResult:
    root = Queries(caller).fields() | Mutations(caller).fields()
    result = execute_sync(
        schema(),
        parsed,
        root_value=root,
        variable_values=document.variables,
        operation_name=document.operation_name,
    )
    return result
