"""The stand-in aws provider as a whole: its guard, its settings, its types, its functions."""

from __future__ import annotations

import json
from functools import cached_property

from lifeboat.core.errors import ConfigError, Refused
from lifeboat.core.identity import is_local_stack
from lifeboat.providerkit.compare import Rules, compare
from lifeboat.providerkit.handler import ResourceHandler
from lifeboat.providerkit.requests import (
    Checked,
    CheckRequest,
    ConfigureRequest,
    Difference,
    DiffRequest,
    InvokeRequest,
    Subject,
)
from lifeboat.providerkit.urn import Urn
from lifeboat.providerkit.values import Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.endpoint import endpoint
from localcloud.provider_aws.functions import call
from localcloud.provider_aws.handler import DeclaredHandler
from localcloud.provider_aws.patterns import patterns_of
from localcloud.provider_aws.registry import all_types, type_of
from localcloud.provider_aws.sdk_source import installed_sdk
from localcloud.provider_aws.sessions import Sessions
from localcloud.provider_aws.settings import Settings, check_settings, settings_from
from localcloud.provider_aws.shape_cache import shape_of

_WAIT_S = 120.0
"""Longest wait for a state when the program sets no limit of its own."""


class AwsProvider:
    """Fulfils `lifeboat.providerkit.provider.Provider` for the package `aws`."""

    name = "aws"

    def __init__(self, sessions: Sessions | None = None) -> None:
        self._sessions = sessions or Sessions()
        self._settings: Settings | None = None
        self._handlers: dict[str, ResourceHandler] = {}

    @cached_property
    def version(self) -> str:
        """The version of the installed pulumi_aws: the engine asks for exactly that."""
        return installed_sdk().version

    def schema(self) -> str:
        """Return the names of the types; only code generation would need more."""
        resources: dict[str, object] = {kind.type: {} for kind in all_types()}
        return json.dumps({"name": self.name, "version": self.version, "resources": resources})

    def guard(self, urn: Urn) -> None:
        """Refuse stacks that are not local, and endpoints that are not loopback.

        Raises:
            Refused: with what to do instead.
        """
        if not is_local_stack(urn.stack):
            raise Refused(
                f"stack {urn.stack!r} is not local: the stand-in aws plugin would only pretend to work on it",
                hint="unset PULUMI_HOME to use the genuine aws plugin, or select a stack named local",
            )
        endpoint()

    def check_config(self, request: CheckRequest) -> Checked:
        """Validate the provider's settings."""
        return Checked(inputs=request.inputs, failures=check_settings(request.inputs))

    def diff_config(self, request: DiffRequest) -> Difference:
        """Compare settings; another region is another provider, so everything made with it is replaced."""
        return Difference(
            changes=compare(request.old_inputs, request.inputs, Rules(force_new=(("region",),)))
        )

    def configure(self, request: ConfigureRequest) -> None:
        """Take the settings.

        Raises:
            Refused: the endpoint is not the local cloud's.
        """
        endpoint()
        failures = check_settings(request.settings)
        if failures:
            raise ConfigError(
                f"aws:{failures[0].path}: {failures[0].reason}", hint="set it on the aws.Provider"
            )
        self._settings = settings_from(request.settings)

    def handler(self, token: str) -> ResourceHandler:
        """Return the handler of a type token.

        Raises:
            ConfigError: the stand-in has no such type.
        """
        if token not in self._handlers:
            kind, shape = type_of(token), shape_of(token)

            def place(subject: Subject, region: str) -> Cloud:
                return self._cloud(kind.service, subject, region)

            self._handlers[token] = DeclaredHandler(
                kind, shape, patterns_of(kind, shape), self._configured(), place
            )
        return self._handlers[token]

    def invoke(self, request: InvokeRequest) -> Properties:
        """Call one of the functions.

        Raises:
            ConfigError: no such function.
        """
        endpoint()
        return call(request, self._configured(), self._sessions)

    def _configured(self) -> Settings:
        if self._settings is None:
            raise ConfigError("the aws provider was not configured", hint="only the engine calls a provider")
        return self._settings

    def _cloud(self, service: str, subject: Subject, region: str) -> Cloud:
        return Cloud(
            sessions=self._sessions,
            service=service,
            region=region,
            clock=subject.clock,
            log=subject.log,
            timeout_s=subject.timeout_s or _WAIT_S,
        )
