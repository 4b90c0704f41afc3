"""Objects in an S3 bucket; the id is bucket and key together, `bucket/some/key`.

The content is not read back: an object changed by hand shows another `etag` and version, not drift. In a
versioned bucket deleting leaves a marker; with `forceDestroy` every version goes.
"""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import urlencode

from lifeboat.core.errors import ConfigError
from lifeboat.providerkit.values import Archive, Asset, Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs, to_pairs

_ARGUMENTS = {
    "acl": "ACL",
    "bucketKeyEnabled": "BucketKeyEnabled",
    "cacheControl": "CacheControl",
    "checksumAlgorithm": "ChecksumAlgorithm",
    "contentDisposition": "ContentDisposition",
    "contentEncoding": "ContentEncoding",
    "contentLanguage": "ContentLanguage",
    "contentType": "ContentType",
    "kmsKeyId": "SSEKMSKeyId",
    "metadata": "Metadata",
    "objectLockLegalHoldStatus": "ObjectLockLegalHoldStatus",
    "objectLockMode": "ObjectLockMode",
    "objectLockRetainUntilDate": "ObjectLockRetainUntilDate",
    "serverSideEncryption": "ServerSideEncryption",
    "storageClass": "StorageClass",
    "websiteRedirect": "WebsiteRedirectLocation",
}
_SHOWN = (
    "cacheControl",
    "contentDisposition",
    "contentEncoding",
    "contentLanguage",
    "contentType",
    "kmsKeyId",
    "metadata",
    "serverSideEncryption",
    "storageClass",
)
_NOT_KEPT = "the content itself is not read back"
_LOST = "the local cloud does not show it reliably"


def _put(cloud: Cloud, inputs: Properties) -> None:
    arguments = {name: inputs[key] for key, name in _ARGUMENTS.items() if inputs.get(key) not in (None, "")}
    if inputs.get("tags"):
        arguments["Tagging"] = urlencode(inputs["tags"])
    cloud.client().put_object(Bucket=inputs["bucket"], Key=inputs["key"], Body=_body(inputs), **arguments)


def _body(inputs: Properties) -> bytes:
    if "content" in inputs:
        return str(inputs["content"]).encode()
    if "contentBase64" in inputs:
        return base64.b64decode(inputs["contentBase64"])
    return _bytes_of(inputs.get("source"))


def _bytes_of(source: Value) -> bytes:
    if source is None:
        return b""
    if isinstance(source, Asset) and source.text is not None:
        return source.text.encode()
    if isinstance(source, Asset | Archive) and source.path:
        return Path(source.path).read_bytes()
    raise ConfigError("source: only text assets and files are supported", hint="use content or a FileAsset")


def _create(cloud: Cloud, inputs: Properties) -> str:
    _put(cloud, inputs)
    return f"{inputs['bucket']}/{inputs['key']}"


def _read(cloud: Cloud, object_id: str) -> Properties | None:
    bucket, _, key = object_id.partition("/")
    client = cloud.client()
    answer = client.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    return {
        "bucket": bucket,
        "key": key,
        "arn": f"arn:{cloud.partition}:s3:::{bucket}/{key}",
        "etag": answer["ETag"].strip('"'),
        "versionId": answer.get("VersionId"),
        "checksumCrc32": answer.get("ChecksumCRC32"),
        "checksumSha256": answer.get("ChecksumSHA256"),
        "tags": from_pairs(client.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]),
        **{key: answer.get(_ARGUMENTS[key]) for key in _SHOWN},
        "storageClass": answer.get("StorageClass") or "STANDARD",
    }


def _update(cloud: Cloud, object_id: str, change: Change) -> None:
    if change.changed - {"tags", "forceDestroy"}:
        _put(cloud, change.new)
    elif change.has("tags"):
        bucket, _, key = object_id.partition("/")
        tags = {"TagSet": to_pairs(change.new.get("tags"))}
        cloud.client().put_object_tagging(Bucket=bucket, Key=key, Tagging=tags)


def _delete(cloud: Cloud, object_id: str, known: Properties) -> None:
    bucket, _, key = object_id.partition("/")
    client = cloud.client()
    if not known.get("forceDestroy"):
        client.delete_object(Bucket=bucket, Key=key)
        return
    for version in _versions(client, bucket, key):
        client.delete_object(Bucket=bucket, Key=key, VersionId=version, BypassGovernanceRetention=True)


def _versions(client: Value, bucket: str, key: str) -> list[str]:
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
    return [
        str(entry["VersionId"])
        for page in pages
        for entry in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        if entry["Key"] == key
    ]


def _import_id(_cloud: Cloud, text: str) -> str:
    return text.removeprefix("s3://")


TYPE = ResourceType(
    type="aws:s3/bucketObjectv2:BucketObjectv2",
    service="s3",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    import_id=_import_id,
    gone=frozenset({"NoSuchBucket", "NoSuchKey", "404"}),
    name=Autoname(key="key", longest=1024, digits=0),
    force_new=("bucket", "key"),
    defaults={"forceDestroy": False},
    sticky=(
        "acl",
        "bucketKeyEnabled",
        "contentType",
        "etag",
        "kmsKeyId",
        "objectLockLegalHoldStatus",
        "objectLockMode",
        "objectLockRetainUntilDate",
        "serverSideEncryption",
        "storageClass",
    ),
    volatile=("checksumCrc32", "checksumSha256", "etag", "versionId"),
    write_only={
        "acl": "the service keeps grants, not the name of a canned list",
        "bucketKeyEnabled": _LOST,
        "checksumAlgorithm": "shows only in which checksum is there",
        "content": _NOT_KEPT,
        "contentBase64": _NOT_KEPT,
        "forceDestroy": "a wish of the program, not a property of the object",
        "objectLockLegalHoldStatus": _LOST,
        "objectLockMode": _LOST,
        "objectLockRetainUntilDate": _LOST,
        "overrideProvider": "a setting of the program's provider",
        "source": _NOT_KEPT,
        "sourceHash": _NOT_KEPT,
        "websiteRedirect": _LOST,
    },
)
