"""Finds the declaration of a type token: its file follows from the token, so that no list has to be kept.

`aws:s3/bucketVersioning:BucketVersioning` is declared in `types/s3/bucket_versioning.py` as `TYPE`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from lifeboat.core.errors import ConfigError
from localcloud.provider_aws import types
from localcloud.provider_aws.resource_type import ResourceType
from localcloud.provider_aws.sdk_source import module_and_file


@cache
def type_of(token: str) -> ResourceType:
    """Return a type's declaration.

    Raises:
        ConfigError: the stand-in has no such type.
    """
    module, file = module_and_file(token)
    name = f"{types.__name__}.{module}.{file}"
    try:
        declared = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        raise ConfigError(
            f"the stand-in aws plugin has no type {token}",
            hint="use a type of docs/reference, or add it as localcloud/provider_aws/ADDING_A_TYPE.md says",
        ) from None
    kind = declared.TYPE
    if not isinstance(kind, ResourceType) or kind.type != token:
        raise ConfigError(f"the stand-in aws plugin has no type {token}", hint=f"{name} declares another one")
    return kind


def all_types() -> tuple[ResourceType, ...]:
    """Return every declared type, ordered by token; imports them all."""
    found = []
    for module in pkgutil.walk_packages(types.__path__, f"{types.__name__}."):
        kind = getattr(importlib.import_module(module.name), "TYPE", None)
        if isinstance(kind, ResourceType):
            found.append(kind)
    return tuple(sorted(found, key=lambda kind: kind.type))
