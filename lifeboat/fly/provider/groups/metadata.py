"""Writing marks on a machine: nothing restarts."""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.fly.provider.groups.site import Site


def write_metadata(
    site: Site, machine_id: str, changes: Mapping[str, str | None], nonce: str | None = None
) -> None:
    """Set values, and remove the keys whose value is None."""
    if changes:
        site.client.machines.update_metadata(site.app, machine_id, changes, nonce=nonce)
