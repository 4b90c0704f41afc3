"""A successful answer: parsed JSON and headers, and the only places where its shape is trusted.

Reading it as a value turns every surprise into `ProtocolError`; the text of pydantic's own error is never
used, since it quotes the input, which may hold a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from lifeboat.fly.client.errors import Origin, ProtocolError

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One success.

    Args:
        origin: operation, status and request id.
        body: the parsed JSON; None for an empty body.
        headers: the response's headers.
    """

    origin: Origin
    body: Any
    headers: httpx.Headers

    def fields(self) -> dict[str, Any]:
        """Return the body, which must be an object; an empty body counts as an empty one.

        Raises:
            ProtocolError: it is something else.
        """
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise self.surprise("is not an object")
        return self.body

    def items(self, field: str = "") -> list[Any]:
        """Return the list that the body is, or that its `field` holds; null is empty, silence is not.

        Raises:
            ProtocolError: there is no list there.
        """
        if field and field not in self.fields():
            raise self.surprise(f"has no list {field}")
        found = self.fields()[field] if field else self.body
        if found is None:
            return []
        if not isinstance(found, list):
            raise self.surprise(f"has no list {field}" if field else "is not a list")
        return found

    def read(self, model: type[ModelT], value: Any = None) -> ModelT:  # noqa: ANN401  # parsed JSON
        """Read the body, or the given part of it, as a value.

        Raises:
            ProtocolError: it does not have that shape.
        """
        try:
            return model.model_validate(self.body if value is None else value)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            where = ".".join(str(step) for step in first["loc"]) or "it"
            text = f"cannot be read as {model.__name__}: {where}: {first['type']}"
        raise self.surprise(text)

    def surprise(self, text: str) -> ProtocolError:
        """Return the error for an answer that `text` describes."""
        return ProtocolError(f"the answer {text}", origin=self.origin)
