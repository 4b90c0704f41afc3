"""The package schema that `pulumi package get-schema fly` shows, put together from the declarations.

Source: pulumi.com/docs/reference/package-schema. Nothing about a type is written here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lifeboat.fly.provider.schema.declaration import (
    FunctionDeclaration,
    ObjectType,
    Properties,
    Property,
    ResourceDeclaration,
)

_DESCRIPTION = (
    "Fly.io apps, machines, machine groups, volumes, addresses, certificates and secrets. Adopts what "
    "exists, rolls machines under leases, and never shows a secret."
)
_PROVIDER = (
    "Where Fly is and who asks comes from the environment alone, under flyctl's names: FLY_API_TOKEN (or "
    "FLY_ACCESS_TOKEN), FLY_FLAPS_BASE_URL, FLY_API_BASE_URL, FLY_UIEX_BASE_URL. No token is ever an input, "
    "because inputs are kept in the state. A stack on the local cloud refuses addresses that are not "
    "loopback; every other stack refuses those that are."
)


def package_schema(
    name: str,
    version: str,
    resources: Iterable[ResourceDeclaration],
    functions: Iterable[FunctionDeclaration],
) -> dict[str, Any]:
    """Return the schema as JSON values."""
    kinds, calls = tuple(resources), tuple(functions)
    used = [*(kind.types for kind in kinds), *(call.types for call in calls)]
    types = {item.token: item for some in used for item in some}
    return {
        **_head(name, version),
        "provider": {"description": _PROVIDER, "properties": {}, "inputProperties": {}},
        "types": {token: _object(item) for token, item in sorted(types.items())},
        "resources": {item.token: _resource(item) for item in kinds},
        "functions": {item.token: _function(item) for item in calls},
    }


def _head(name: str, version: str) -> dict[str, Any]:
    return {
        "name": name,
        "displayName": "Fly.io",
        "version": version,
        "description": _DESCRIPTION,
        "keywords": ["pulumi", "fly", "fly.io", "category/cloud", "kind/native"],
        "homepage": "https://fly.io",
        "license": "Apache-2.0",
        "publisher": "Lifeboat",
        "attribution": "A machine's config follows Fly.io's OpenAPI description of the Machines API.",
        "meta": {"moduleFormat": "(.*)"},
        "config": {},
        "language": {
            "python": {
                "packageName": "pulumi_fly",
                "respectSchemaVersion": True,
                "inputTypes": "classes-and-dicts",
            },
            "nodejs": {"packageName": "@lifeboat/fly", "respectSchemaVersion": True},
            "go": {"generateResourceContainerTypes": True, "respectSchemaVersion": True},
            "csharp": {"rootNamespace": "Lifeboat", "respectSchemaVersion": True},
        },
    }


def _object(item: ObjectType) -> dict[str, Any]:
    return {
        "type": "object",
        "description": item.description,
        "properties": _properties(item.properties),
        **_required(item.properties),
    }


def _resource(item: ResourceDeclaration) -> dict[str, Any]:
    inputs, outputs = item.inputs, item.all_outputs
    return {
        "description": item.description,
        "inputProperties": _properties(inputs),
        "requiredInputs": [name for name, declared in inputs.items() if declared.required],
        "properties": _properties(outputs, defaults=False),
        "required": [
            name for name, declared in outputs.items() if declared.required or declared.default is not None
        ],
    }


def _function(item: FunctionDeclaration) -> dict[str, Any]:
    return {
        "description": item.description,
        "inputs": {"type": "object", "properties": _properties(item.inputs), **_required(item.inputs)},
        "outputs": {
            "type": "object",
            "properties": _properties(item.outputs, defaults=False),
            **_required(item.outputs),
        },
    }


def _properties(properties: Properties, *, defaults: bool = True) -> dict[str, Any]:
    return {name: _property(item, defaults) for name, item in properties.items()}


def _property(item: Property, defaults: bool) -> dict[str, Any]:
    text = item.description
    if item.allowed:
        text += f" One of {', '.join(f'`{word}`' for word in item.allowed)}."
    written: dict[str, Any] = {**item.type.schema(), "description": text}
    if item.secret:
        written["secret"] = True
    if item.replaces:
        written["replaceOnChanges"] = True
    if defaults and item.default is not None:
        written["default"] = item.default
    return written


def _required(properties: Properties) -> dict[str, Any]:
    names = [name for name, item in properties.items() if item.required]
    return {"required": names} if names else {}
