"""Lists every version of the objects of a bucket that is versioned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from lifeboat.core.errors import Refused
from scripts.backup.objects import ObjectVersion
from scripts.observe.aws import asking


def list_versions(client: Any, bucket: str, prefix: str) -> Iterator[ObjectVersion]:  # noqa: ANN401  # boto3 clients have no type
    """Yield the versions and removals of the objects below a prefix; of each key the newest first.

    Args:
        client: a boto3 S3 client of the bucket's region.
        bucket: its name.
        prefix: what the keys start with; empty for all.

    Raises:
        Refused: the bucket keeps no versions, so nobody can tell what lay there at a moment.
        NoAnswer, SaidNo: S3 did not answer, or does not let us.

    Effects: lists object versions.
    Source: S3 API, ListObjectVersions.
    """
    with asking(f"bucket {bucket}"):
        if client.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
            raise Refused(
                f"bucket {bucket} keeps no versions: what lay there at a moment is not known",
                hint="enable versioning; it works for what is written from then on",
            )
        pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for kind, is_removal in (("Versions", False), ("DeleteMarkers", True)):
                for one in page.get(kind, ()):
                    yield ObjectVersion(
                        key=one["Key"],
                        version_id=one["VersionId"],
                        written_at=one["LastModified"].astimezone(UTC),
                        is_removal=is_removal,
                    )
