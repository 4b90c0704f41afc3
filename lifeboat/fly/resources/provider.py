"""`pulumi:providers:fly`: the provider itself, for programs that name it."""

from __future__ import annotations

import pulumi


class Provider(pulumi.ProviderResource):
    """The Fly provider; it has no settings, because settings are kept in the state.

    It reads flyctl's variables: FLY_API_TOKEN or FLY_ACCESS_TOKEN, FLY_FLAPS_BASE_URL, FLY_API_BASE_URL,
    FLY_UIEX_BASE_URL. For another token than the process's own, use the option `env_var_mappings`.
    """

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        """Declare a provider.

        Args:
            resource_name: the Pulumi name.
            opts: the engine's options.
        """
        super().__init__("fly", resource_name, {}, opts)
