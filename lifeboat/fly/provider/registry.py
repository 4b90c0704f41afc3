"""The package's resource types by token. A type is added by naming its module here.

Each module declares `KIND`: what the type looks like and what makes its handler.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from lifeboat.fly.provider.access import FlyAccess
from lifeboat.fly.provider.schema.declaration import ResourceDeclaration
from lifeboat.providerkit.handler import ResourceHandler

_MODULES = (
    "app",
    "machine",
    "machine_group",
    "volume",
    "ip_address",
    "egress_ip",
    "certificate",
    "app_secrets",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceKind:
    """One resource type: its declaration, and what makes the handler of one provider process."""

    declaration: ResourceDeclaration
    make: Callable[[FlyAccess], ResourceHandler]


@cache
def kinds() -> Mapping[str, ResourceKind]:
    """Return every resource type by token, in the order of the modules."""
    package = __name__.rpartition(".")[0]
    found: list[ResourceKind] = [importlib.import_module(f"{package}.{name}").KIND for name in _MODULES]
    return {kind.declaration.token: kind for kind in found}
