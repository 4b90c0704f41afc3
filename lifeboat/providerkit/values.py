"""Property values that plain Python has no word for.

Everything else on the wire is None, bool, int, float, str, list and dict. Handlers meet `UNKNOWN` only in
check, diff and previews, and never meet `SecretValue`: the kit takes the marks off on the way in and puts
them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from lifeboat.core.secret import REDACTED

Value: TypeAlias = Any
"""One property value: a plain Python value or one of the types below."""

Properties: TypeAlias = dict[str, Any]
"""Named property values of a resource, keys as on the wire (camelCase)."""


class Unknown(Enum):
    """The type of `UNKNOWN`: a value that a preview cannot know yet."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class SecretValue:
    """A value the engine must keep encrypted; printing it shows a redaction."""

    value: Any

    def __repr__(self) -> str:
        return REDACTED


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceReference:
    """A whole resource passed as a value: its URN and, where it has one, its id."""

    urn: str
    id: Any = None
    package_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file as a value: one of text, path or uri; none where the engine left the content out."""

    hash: str = ""
    text: str | None = None
    path: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A bundle of files as a value: exactly one of assets, path or uri, or none of them."""

    hash: str = ""
    assets: Mapping[str, Any] | None = None
    path: str | None = None
    uri: str | None = None
