"""What the settings of an S3 bucket have in common: one each, the bucket is the id, writing replaces."""

from __future__ import annotations

from collections.abc import Callable

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, Delete, Read, ResourceType

NO_BUCKET = "NoSuchBucket"

Put = Callable[[Cloud, str, Properties], None]
"""Writes the whole setting of a bucket."""


def bucket_setting(
    type_token: str, *, put: Put, read: Read, delete: Delete, absent: str, **rest: Value
) -> ResourceType:
    """Declare a setting of a bucket.

    Args:
        type_token: its type.
        put: writes the setting, for a create and an update alike.
        read: as for any type.
        delete: as for any type.
        absent: the error code of a bucket without this setting.
        rest: further fields of `ResourceType`; `force_new` is added to.
    """

    def create(cloud: Cloud, inputs: Properties) -> str:
        put(cloud, inputs["bucket"], inputs)
        return str(inputs["bucket"])

    def update(cloud: Cloud, bucket: str, change: Change) -> None:
        put(cloud, bucket, change.new)

    return ResourceType(
        type=type_token,
        service="s3",
        create=create,
        read=read,
        update=update,
        delete=delete,
        gone=frozenset({NO_BUCKET, absent}),
        force_new=("bucket", *rest.pop("force_new", ())),
        **rest,
    )
