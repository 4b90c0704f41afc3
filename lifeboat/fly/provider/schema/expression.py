"""Type expressions of properties, as the Pulumi package schema knows them.

Source: pulumi.com/docs/reference/package-schema ("Types"). `ANY` is Pulumi's own any-type.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_TYPES = "#/types/"
_ANY_REFERENCE = "pulumi.json#/Any"


class Kind(StrEnum):
    """What a value is; the scalar words are those of JSON schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ANY = "any"
    LIST = "array"
    MAP = "map"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class TypeExpression:
    """A type.

    Args:
        kind: what a value is.
        items: the type of each item of a list or map; None otherwise.
        token: the object type's token, such as `fly:index:Guest`; empty otherwise.
    """

    kind: Kind
    items: TypeExpression | None = None
    token: str = ""

    def schema(self) -> dict[str, Any]:
        """Return the expression as the package schema writes it."""
        if self.kind is Kind.ANY:
            return {"$ref": _ANY_REFERENCE}
        if self.kind is Kind.OBJECT:
            return {"$ref": f"{_TYPES}{self.token}"}
        if self.items is not None:
            word = "items" if self.kind is Kind.LIST else "additionalProperties"
            kind = "array" if self.kind is Kind.LIST else "object"
            return {"type": kind, word: self.items.schema()}
        return {"type": self.kind.value}


STRING = TypeExpression(Kind.STRING)
INTEGER = TypeExpression(Kind.INTEGER)
NUMBER = TypeExpression(Kind.NUMBER)
BOOLEAN = TypeExpression(Kind.BOOLEAN)
ANY = TypeExpression(Kind.ANY)


def list_of(items: TypeExpression) -> TypeExpression:
    """Return the type of lists of `items`."""
    return TypeExpression(Kind.LIST, items)


def map_of(items: TypeExpression) -> TypeExpression:
    """Return the type of maps from texts to `items`."""
    return TypeExpression(Kind.MAP, items)


def object_of(token: str) -> TypeExpression:
    """Return the type of objects that the object type `token` describes."""
    return TypeExpression(Kind.OBJECT, None, token)
