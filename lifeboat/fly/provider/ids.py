"""Ids of resources as the engine keeps them and `pulumi import` takes them: the app first, then slashes."""

from __future__ import annotations

from lifeboat.core.errors import ConfigError


def join_id(*parts: str) -> str:
    """Return an id."""
    return "/".join(parts)


def split_id(resource_id: str, form: str) -> tuple[str, ...]:
    """Take an id apart.

    Args:
        resource_id: such as `shop/vol_123`.
        form: what it must look like, such as `app/volume`; shown when it does not.

    Raises:
        ConfigError: it has another number of parts, or an empty one.
    """
    parts = tuple(resource_id.split("/"))
    if len(parts) != form.count("/") + 1 or not all(parts):
        raise ConfigError(f"{resource_id!r} is no id of this type", hint=f"write it as {form}")
    return parts
