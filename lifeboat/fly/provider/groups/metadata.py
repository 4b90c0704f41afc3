"""Writing marks on a machine: nothing restarts."""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.fly.provider.groups.site import Site


def write_metadata(
    site: Site, machine_id: str, changes: Mapping[str, str | None], nonce: str | None = None
) -> None:
    """Set values, and remove the keys whose value is None."""
    for key, value in sorted(changes.items()):
        if value is None:
            site.client.machines.delete_metadata(site.app, machine_id, key, nonce=nonce)
        else:
            site.client.machines.set_metadata(site.app, machine_id, key, value, nonce=nonce)
