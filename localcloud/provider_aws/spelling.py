"""Property names between the SDK's spelling and a service's: `noncurrentDays` and `NoncurrentDays`.

Most differ only in the first letter; a service's exceptions (`id` and `ID`) are given by the type.
"""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.providerkit.values import Value

_NONE: Mapping[str, str] = {}


def to_service(value: Value, exceptions: Mapping[str, str] = _NONE) -> Value:
    """Spell every key as the service does; entries that are None are left out.

    Args:
        value: maps and lists to any depth.
        exceptions: service spellings by SDK spelling.
    """
    if isinstance(value, dict):
        return {
            exceptions.get(key, key[:1].upper() + key[1:]): to_service(item, exceptions)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [to_service(item, exceptions) for item in value]
    return value


def from_service(value: Value, exceptions: Mapping[str, str] = _NONE) -> Value:
    """Spell every key as the SDK does; `exceptions` as for `to_service`."""
    back = {service: own for own, service in exceptions.items()}
    if isinstance(value, dict):
        return {
            back.get(key, key[:1].lower() + key[1:]): from_service(item, exceptions)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [from_service(item, exceptions) for item in value]
    return value
