"""Look-ups of the `fly` package; each only reads, and answers an output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

Found = pulumi.Output[dict[str, Any]]
"""A look-up's answer by wire name."""


def get_regions(opts: pulumi.InvokeOutputOptions | None = None) -> Found:
    """Return `regions`, `codes` (those that take machines), `nearest`, and `isLive`."""
    return _call("getRegions", {}, opts)


def get_placements(
    *,
    org: pulumi.Input[str],
    regions: pulumi.Input[str],
    count: pulumi.Input[int] = 0,
    compute: pulumi.Input[Mapping[str, Any]] | None = None,
    volume_name: pulumi.Input[str] | None = None,
    opts: pulumi.InvokeOutputOptions | None = None,
) -> Found:
    """Return `placements`: where Fly would place machines now; a simulation, and no promise.

    Args:
        org: slug of the organisation.
        regions: codes and aliases in the order of preference, such as `sjc,lax,us`.
        count: how many machines; 0 asks for the organisation's limit in each region.
        compute: CPUs and memory of each, in Fly's own spelling.
        volume_name: name of the volumes they mount.
        opts: the engine's options.
    """
    wish = {"org": org, "regions": regions, "count": count, "compute": compute, "volumeName": volume_name}
    return _call("getPlacements", wish, opts)


def get_app(name: pulumi.Input[str], opts: pulumi.InvokeOutputOptions | None = None) -> Found:
    """Return an app: `name`, `org`, `appId`, `status`, `network`, `hostname`, and its counts."""
    return _call("getApp", {"name": name}, opts)


def get_machines(
    app: pulumi.Input[str],
    *,
    region: pulumi.Input[str] | None = None,
    metadata: pulumi.Input[Mapping[str, str]] | None = None,
    opts: pulumi.InvokeOutputOptions | None = None,
) -> Found:
    """Return `machines`: the live ones of an app, or those of a region or with labels among them."""
    return _call("getMachines", {"app": app, "region": region, "metadata": metadata}, opts)


def get_volumes(
    app: pulumi.Input[str],
    *,
    region: pulumi.Input[str] | None = None,
    name: pulumi.Input[str] | None = None,
    opts: pulumi.InvokeOutputOptions | None = None,
) -> Found:
    """Return `volumes`: the usable ones of an app, or those of a region or a name among them."""
    return _call("getVolumes", {"app": app, "region": region, "name": name}, opts)


def get_certificate(
    app: pulumi.Input[str], hostname: pulumi.Input[str], opts: pulumi.InvokeOutputOptions | None = None
) -> Found:
    """Return the certificate of a host name: `status`, `configured` and `dnsRequirements`."""
    return _call("getCertificate", {"app": app, "hostname": hostname}, opts)


def _call(name: str, arguments: dict[str, Any], opts: pulumi.InvokeOutputOptions | None) -> Found:
    given = {key: value for key, value in arguments.items() if value is not None}
    return pulumi.runtime.invoke_output(f"fly:index:{name}", given, opts)
