"""JSON values as the engine keeps them: frozen, checked, with one canonical spelling to take hashes of.

Everything that is reviewed (a plan) or written down (an event) passes through `freeze`, so neither can hold a
secret, a moment of unknown zone, or a number that JSON has no word for.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from lifeboat.core.secret import Secret

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = Mapping[str, Json]


def freeze(value: object, where: str) -> Json:
    """Return a read-only copy of a JSON value.

    Args:
        value: None, bool, int, float, str, or sequences and mappings of these.
        where: what the value belongs to, for the message.

    Raises:
        TypeError: the value, or one inside it, is a Secret or nothing that JSON can say; names the key path.
    """
    if isinstance(value, Secret):
        msg = f"{where}: a secret never stands in a plan or a journal; name it instead"
        raise TypeError(msg)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, Mapping):
        return freeze_object(value, where)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return tuple(freeze(item, f"{where}.{index}") for index, item in enumerate(value))
    msg = f"{where}: {type(value).__name__} is not a JSON value"
    raise TypeError(msg)


def freeze_object(value: Mapping[Any, object], where: str) -> JsonObject:
    """Return a read-only copy of a mapping of JSON values.

    Raises:
        TypeError: as `freeze`, or a key is not text.
    """
    for key in value:
        if not isinstance(key, str):
            msg = f"{where}: key {key!r} is not text"
            raise TypeError(msg)
    return MappingProxyType({key: freeze(item, f"{where}.{key}") for key, item in value.items()})


def plain(value: Json) -> Any:  # noqa: ANN401  # what `json.dumps` takes has no type of its own
    """Return dicts and lists in place of the frozen ones."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def canonical(value: Json) -> bytes:
    """Return the one spelling of a value: sorted keys, no spaces, ASCII."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest_of(value: Json) -> str:
    """Return the SHA-256 of the canonical spelling, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
