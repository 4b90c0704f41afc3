"""The functions of the package by token; each is declared and answered in `lookups`."""

from __future__ import annotations

from lifeboat.core.errors import ConfigError
from lifeboat.fly.provider.access import FlyAccess
from lifeboat.fly.provider.lookups.app import GET_APP
from lifeboat.fly.provider.lookups.certificate import GET_CERTIFICATE
from lifeboat.fly.provider.lookups.lookup import Lookup
from lifeboat.fly.provider.lookups.machines import GET_MACHINES
from lifeboat.fly.provider.lookups.platform import GET_PLACEMENTS, GET_REGIONS
from lifeboat.fly.provider.lookups.volumes import GET_VOLUMES
from lifeboat.fly.provider.schema.declaration import FunctionDeclaration
from lifeboat.fly.provider.schema.validate import validate, with_defaults
from lifeboat.providerkit.failures import InvalidProperties
from lifeboat.providerkit.requests import InvokeRequest
from lifeboat.providerkit.values import Properties

_LOOKUPS: tuple[Lookup, ...] = (
    GET_REGIONS,
    GET_PLACEMENTS,
    GET_APP,
    GET_MACHINES,
    GET_VOLUMES,
    GET_CERTIFICATE,
)


def declarations() -> tuple[FunctionDeclaration, ...]:
    """Return every function's declaration."""
    return tuple(lookup.declaration for lookup in _LOOKUPS)


def call(request: InvokeRequest, access: FlyAccess) -> Properties:
    """Call a function by its token.

    Raises:
        ConfigError: there is no such function, or the arguments cannot be used.
        FlyError: Fly refused, or could not be reached.
    """
    lookup = next((one for one in _LOOKUPS if one.declaration.token == request.token), None)
    if lookup is None:
        known = ", ".join(one.declaration.token for one in _LOOKUPS)
        raise ConfigError(f"the fly provider has no function {request.token}", hint=f"it has {known}")
    declared = lookup.declaration
    arguments = with_defaults(declared.inputs, request.arguments)
    failures = validate(declared.inputs, declared.types, arguments)
    if failures:
        raise InvalidProperties(request.token, failures)
    return lookup.answer(access.client(), arguments)
