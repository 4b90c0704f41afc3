"""`fly:index:AppSecrets`: the secrets of an app that a program manages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from lifeboat.fly.resources.base import FlyResource


class AppSecrets(FlyResource):
    """The managed secrets of an app, sent in one batch; one per app, and those of others stay.

    Pass `version` to machines as `secrets_version`: they see new secrets with their next update. Import with
    the app's name, which brings digests only.
    """

    app: pulumi.Output[str] = pulumi.property("app")
    """Name of the app."""
    sources: pulumi.Output[dict[str, Any] | None] = pulumi.property("sources")
    """Where values are kept in AWS Secrets Manager."""
    version: pulumi.Output[int] = pulumi.property("version")
    """The app's secrets version with the last write; 0 before the first."""
    digests: pulumi.Output[dict[str, str]] = pulumi.property("digests")
    """Fly's digest of each managed secret."""
    source_versions: pulumi.Output[dict[str, str]] = pulumi.property("sourceVersions")
    """The version id in Secrets Manager of what was sent."""
    missing: pulumi.Output[list[str]] = pulumi.property("missing")
    """Names whose source has no value yet; the next run looks again."""

    def __init__(
        self,
        resource_name: str,
        *,
        app: pulumi.Input[str],
        sources: pulumi.Input[Mapping[str, pulumi.Input[Mapping[str, Any]]]] | None = None,
        values: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the secrets of an app.

        Args:
            resource_name: the Pulumi name.
            app: name of the app.
            sources: by name of the app secret: `secret` (name or ARN in AWS Secrets Manager), `regions`
            (tried in
                order), and optionally `field` (of a JSON secret), `template` (a URL with `{value}`, which is
                percent-encoded there) and `fingerprint` (any text whose change sends the value again).
            values: by name of the app secret; kept as a Pulumi secret and never an output.
            opts: the engine's options.
        """
        inputs = {"app": app, "sources": sources}
        super().__init__(
            "fly:index:AppSecrets",
            resource_name,
            inputs,
            hidden={"values": values},
            opts=opts,
            old_first=True,
        )
