"""The Fly provider as a whole: its guard, its settings (none), its types, its functions."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

import httpx

from lifeboat.core.clock import Clock
from lifeboat.core.errors import ConfigError
from lifeboat.fly.provider.access import FlyAccess
from lifeboat.fly.provider.addresses import guard_addresses
from lifeboat.fly.provider.configuration import check_settings
from lifeboat.fly.provider.functions import call, declarations
from lifeboat.fly.provider.registry import kinds
from lifeboat.fly.provider.schema.identity import PACKAGE, VERSION
from lifeboat.fly.provider.schema.package import package_schema
from lifeboat.providerkit.handler import ResourceHandler
from lifeboat.providerkit.requests import (
    Checked,
    CheckRequest,
    ConfigureRequest,
    Difference,
    DiffRequest,
    InvokeRequest,
)
from lifeboat.providerkit.urn import Urn
from lifeboat.providerkit.values import Properties


class FlyProvider:
    """Fulfils `lifeboat.providerkit.provider.Provider` for the package `fly`.

    Args:
        environment: where variables are read; the process's own by default.
        transport: how the client sends; None for the network.
        clock: what look-ups wait on; real time when None.
        recheck_s: seconds between two looks before an object counts as gone.
    """

    name = PACKAGE
    version = VERSION

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
        recheck_s: float = 5.0,
    ) -> None:
        known = os.environ if environment is None else environment
        self.access = FlyAccess(known, transport=transport, clock=clock, recheck_s=recheck_s)
        self._handlers: dict[str, ResourceHandler] = {}

    def schema(self) -> str:
        """Return the package schema."""
        resources = [kind.declaration for kind in kinds().values()]
        return json.dumps(package_schema(self.name, self.version, resources, declarations()))

    def guard(self, urn: Urn) -> None:
        """Refuse a stack whose variables point at the wrong world.

        Raises:
            Refused: a local stack without loopback addresses, or another stack with one.
        """
        guard_addresses(urn.stack, self.access.environment)

    def check_config(self, request: CheckRequest) -> Checked:
        """Refuse every setting."""
        return Checked(inputs=request.inputs, failures=check_settings(request.inputs))

    def diff_config(self, request: DiffRequest) -> Difference:
        """Settings that do not exist do not differ."""
        del request
        return Difference()

    def configure(self, request: ConfigureRequest) -> None:
        """Take the settings; nothing is called and no token is needed yet.

        Raises:
            ConfigError: there is a setting.
        """
        failures = check_settings(request.settings)
        if failures:
            raise ConfigError(f"fly:{failures[0].path}: {failures[0].reason}")

    def handler(self, token: str) -> ResourceHandler:
        """Return the handler of a type token.

        Raises:
            ConfigError: no such type.
        """
        kind = kinds().get(token)
        if kind is None:
            raise ConfigError(f"the fly provider has no type {token}", hint=f"it has {', '.join(kinds())}")
        if token not in self._handlers:
            # Two threads may both make one; handlers keep no state, so either will do.
            self._handlers[token] = kind.make(self.access)
        return self._handlers[token]

    def invoke(self, request: InvokeRequest) -> Properties:
        """Call one of the functions.

        Raises:
            ConfigError: no such function, or unusable arguments.
            FlyError: Fly refused, or could not be reached.
        """
        return call(request, self.access)
