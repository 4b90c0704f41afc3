"""Small records in GraphQL's form: releases, images, addresses, regions, connections."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

from localcloud.fly.images.registry import Image
from localcloud.fly.model import IpAddress, Release, Snapshot
from localcloud.fly.regions import Region
from localcloud.fly.volumes.wire import moment

Fields = dict[str, Any]
"""An object as graphql-core reads it: values, or functions of (info, **arguments)."""


def connection(nodes: Iterable[Fields], first: int | None = None) -> Fields:
    """Return the first `first` nodes of a list, all without a number."""
    found = list(nodes)
    shown = found if first is None else found[: max(0, first)]
    page = {"hasNextPage": len(shown) < len(found), "hasPreviousPage": False}
    return {"nodes": shown, "totalCount": len(found), "pageInfo": page}


def release_fields(release: Release) -> Fields:
    """Return a release."""
    return {
        "id": release.id,
        "version": release.version,
        "status": release.status,
        "stable": release.status == "complete",
        "inProgress": release.status in {"pending", "running"},
        "description": "Release",
        "reason": "deploy",
        "deploymentStrategy": release.strategy.upper(),
        "imageRef": release.image_ref,
        "configDefinition": release.definition or None,
        "metadata": release.metadata or None,
        "user": user_fields(release.user_email),
        "createdAt": moment(release.created_at),
    }


def user_fields(email: str) -> Fields:
    """Return a user, known by the address alone."""
    name = email.partition("@")[0]
    return {"__typename": "User", "id": name, "email": email, "name": name, "enablePaidHobby": True}


def image_fields(image: Image) -> Fields:
    """Return an image; nothing is pulled here, so it has no size."""
    tag = f":{image.tag}" if image.tag else f"@{image.digest}"
    return {
        "id": f"img_{image.digest.removeprefix('sha256:')[:16]}",
        "ref": f"{image.registry}/{image.repository}{tag}",
        "absoluteRef": image.reference,
        "registry": image.registry,
        "repository": image.repository,
        "tag": image.tag,
        "digest": image.digest,
        "compressedSizeFull": "0",
        "manifest": {},
    }


def image_version_fields(image: Image | None) -> Fields | None:
    """Return an image as its parts."""
    if image is None:
        return None
    return {
        "registry": image.registry,
        "repository": image.repository,
        "tag": image.tag,
        "version": image.version,
        "digest": image.digest,
    }


def service_fields(service: Fields) -> Fields:
    """Return a service of a machine's config as one of the app."""
    ports = [
        {"port": port.get("port") or 0, "handlers": port.get("handlers") or []}
        for port in service.get("ports") or ()
    ]
    protocol = service.get("protocol") or "tcp"
    return {
        "description": f"{protocol} {service.get('internal_port')}",
        "protocol": protocol.upper(),
        "internalPort": service.get("internal_port") or 0,
        "ports": ports,
    }


def address_fields(address: IpAddress, organization: Fields | None) -> Fields:
    """Return an ingress address; `organization` is that of its private network."""
    network = {"name": address.network, "organization": organization} if organization else None
    return {
        "id": address.id,
        "address": address.ip,
        "type": address.type,
        "region": address.region,
        "serviceName": address.service_name,
        "network": network,
        "createdAt": moment(address.created_at),
    }


def egress_fields(address: IpAddress) -> Fields:
    """Return an egress address."""
    return {
        "id": address.id,
        "ip": address.ip,
        "version": ip_address(address.ip).version,
        "region": address.region,
        "updatedAt": moment(address.created_at),
    }


def region_fields(region: Region) -> Fields:
    """Return a region."""
    return {
        "code": region.code,
        "name": region.name,
        "latitude": region.latitude,
        "longitude": region.longitude,
        "gatewayAvailable": region.gateway,
        "requiresPaidPlan": region.paid,
        "deprecated": region.retired,
    }


def snapshot_fields(snapshot: Snapshot) -> Fields:
    """Return a snapshot; its size is text, as every BigInt."""
    return {
        "id": snapshot.id,
        "size": str(snapshot.size_bytes),
        "digest": snapshot.digest,
        "retentionDays": snapshot.retention_days,
        "createdAt": moment(snapshot.created_at),
    }
