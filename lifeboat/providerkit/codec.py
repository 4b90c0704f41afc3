"""The property wire format: `google.protobuf.Struct` to Python values and back.

Signatures and sentinels are those of the SDK's `pulumi/runtime/rpc.py` and the engine's
`resource/plugin/rpc.go`. Every number is a double on the wire; one without a fraction comes back as int.
Null entries of a map are dropped on the way out, as the engine does, so that an absent key and a null one
are the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct
from google.protobuf.struct_pb2 import Value as Field

from lifeboat.providerkit.values import (
    UNKNOWN,
    Archive,
    Asset,
    Properties,
    ResourceReference,
    SecretValue,
    Value,
)

SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  # a public marker of the wire format
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"
ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7"

UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWN_TEXTS = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_EXACT = 2**53


def decode(struct: Struct) -> Properties:
    """Turn a Struct into Python values: wrapper types for what Python lacks, int for whole numbers."""
    return {key: _decode(value) for key, value in struct.fields.items()}


def encode(properties: Mapping[str, Any]) -> Struct:
    """Turn Python values into a Struct; entries that are None are left out.

    Raises:
        TypeError: a value has a type the wire does not know.
    """
    fields = {key: _encode(value) for key, value in properties.items() if value is not None}
    return Struct(fields=fields)


def plain(value: Value) -> Value:
    """Turn a value read from JSON text into what `decode` would have given for it."""
    if isinstance(value, dict):
        return _special({key: plain(item) for key, item in value.items()})
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str) and value in _UNKNOWN_TEXTS:
        return UNKNOWN
    return _number(value) if isinstance(value, float) else value


def _decode(value: Field) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value in _UNKNOWN_TEXTS else value.string_value
    if kind == "number_value":
        return _number(value.number_value)
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "struct_value":
        return _special(decode(value.struct_value))
    return None


def _number(number: float) -> int | float:
    return int(number) if number.is_integer() and abs(number) <= _EXACT else number


def _special(fields: Properties) -> Value:
    signature = fields.get(SIGNATURE_KEY)
    if signature is None:
        return fields
    if signature == SECRET_SIGNATURE:
        return SecretValue(fields.get("value"))
    if signature == OUTPUT_SIGNATURE:
        value = fields.get("value", UNKNOWN)
        return SecretValue(value) if fields.get("secret") else value
    if signature == RESOURCE_SIGNATURE:
        return ResourceReference(
            urn=fields["urn"], id=fields.get("id"), package_version=fields.get("packageVersion", "")
        )
    content = {key: value for key, value in fields.items() if key != SIGNATURE_KEY}
    return Asset(**content) if signature == ASSET_SIGNATURE else Archive(**content)


def _encode(value: Value) -> Field:
    scalar = _scalar(value)
    if scalar is not None:
        return scalar
    if isinstance(value, Mapping):
        return Field(struct_value=encode(value))
    if isinstance(value, list | tuple):
        return Field(list_value=ListValue(values=[_encode(item) for item in value]))
    if isinstance(value, SecretValue):
        return Field(struct_value=_secret(value))
    return Field(struct_value=encode(_signed(value)))


def _scalar(value: Value) -> Field | None:
    if value is None:
        return Field(null_value=NullValue.NULL_VALUE)
    if value is UNKNOWN:
        return Field(string_value=UNKNOWN_TEXT)
    if isinstance(value, bool):
        return Field(bool_value=value)
    if isinstance(value, int | float):
        return Field(number_value=value)
    if isinstance(value, str):
        return Field(string_value=str(value))
    return None


def _secret(value: SecretValue) -> Struct:
    # Not through `encode`: a null must stay a null inside its mark, or the engine refuses the mark.
    fields = {SIGNATURE_KEY: _encode(SECRET_SIGNATURE), "value": _encode(value.value)}
    return Struct(fields=fields)


def _signed(value: object) -> Properties:
    if isinstance(value, ResourceReference):
        return {
            SIGNATURE_KEY: RESOURCE_SIGNATURE,
            "urn": value.urn,
            "id": value.id,
            "packageVersion": value.package_version or None,
        }
    if isinstance(value, Asset):
        content = {"hash": value.hash, "text": value.text, "path": value.path, "uri": value.uri}
        return {SIGNATURE_KEY: ASSET_SIGNATURE, **content}
    if isinstance(value, Archive):
        content = {"hash": value.hash, "path": value.path, "uri": value.uri}
        return {SIGNATURE_KEY: ARCHIVE_SIGNATURE, **content, "assets": value.assets}
    msg = f"a property cannot hold a {type(value).__name__}"
    raise TypeError(msg)
