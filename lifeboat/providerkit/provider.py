"""What a provider as a whole must offer: its guard, its configuration, its functions, a handler per type."""

from __future__ import annotations

from typing import Protocol

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


class Provider(Protocol):
    """A package of resource types behind one configuration."""

    @property
    def name(self) -> str:
        """The package name, such as `aws`."""
        ...

    @property
    def version(self) -> str:
        """The version the engine is told."""
        ...

    def schema(self) -> str:
        """Return the package schema as JSON."""
        ...

    def guard(self, urn: Urn) -> None:
        """Refuse a resource this provider must not touch; called before everything else about a URN.

        Raises:
            Refused: with what to do instead.
        """
        ...

    def check_config(self, request: CheckRequest) -> Checked:
        """Validate the provider's own settings."""
        ...

    def diff_config(self, request: DiffRequest) -> Difference:
        """Compare the provider's own settings; a replaced provider replaces everything made with it."""
        ...

    def configure(self, request: ConfigureRequest) -> None:
        """Take the settings; called once, before any resource."""
        ...

    def handler(self, token: str) -> ResourceHandler:
        """Return the handler of a type token.

        Raises:
            ConfigError: no such type.
        """
        ...

    def invoke(self, request: InvokeRequest) -> Properties:
        """Call one of the provider's functions.

        Raises:
            ConfigError: no such function, or unusable arguments.
        """
        ...
