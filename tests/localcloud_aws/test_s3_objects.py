"""S3 objects: policies, checksums, conditional writes, and operations that do not exist."""

from __future__ import annotations

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from botocore.exceptions import ClientError

from localcloud.aws.s3.checksums import checksum
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.s3_world import make_bucket


def test_a_tls_only_policy_is_kept_and_blocks_nothing(cloud: CloudProcess) -> None:
    make_bucket(cloud, "tls")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": "arn:aws:s3:::tls/*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    s3 = cloud.client("s3")
    s3.put_bucket_policy(Bucket="tls", Policy=json.dumps(policy))
    s3.put_object(Bucket="tls", Key="k", Body=b"x")
    assert s3.get_object(Bucket="tls", Key="k")["Body"].read() == b"x"
    assert json.loads(s3.get_bucket_policy(Bucket="tls")["Policy"]) == policy


def test_an_unconditional_denial_for_everybody_holds(cloud: CloudProcess) -> None:
    make_bucket(cloud, "closed")
    denial = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::closed/*"}
    s3 = cloud.client("s3")
    s3.put_bucket_policy(Bucket="closed", Policy=json.dumps({"Version": "2012-10-17", "Statement": [denial]}))
    with pytest.raises(ClientError, match="403"):
        s3.put_object(Bucket="closed", Key="k", Body=b"x")
    with pytest.raises(ClientError, match="MalformedPolicy"):
        s3.put_bucket_policy(Bucket="closed", Policy="{broken")


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("CRC32", "cbf43926"),
        ("CRC32C", "e3069283"),
        ("CRC64NVME", "ae8b14860a799888"),
        ("SHA256", hashlib.sha256(b"123456789").hexdigest()),
    ],
)
def test_checksums_match_the_published_check_values(algorithm: str, expected: str) -> None:
    assert base64.b64decode(checksum(algorithm, b"123456789")).hex() == expected


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_a_wrong_checksum_is_refused_and_nothing_stored(cloud: CloudProcess, algorithm: str) -> None:
    make_bucket(cloud, "sums")
    s3 = cloud.client("s3")
    name = f"Checksum{algorithm}"
    with pytest.raises(ClientError, match="BadDigest"):
        s3.put_object(Bucket="sums", Key="k", Body=b"body", **{name: checksum(algorithm, b"other")})
    assert s3.list_objects_v2(Bucket="sums")["KeyCount"] == 0
    s3.put_object(Bucket="sums", Key="k", Body=b"body", **{name: checksum(algorithm, b"body")})
    found = s3.head_object(Bucket="sums", Key="k", ChecksumMode="ENABLED")
    assert found[name] == checksum(algorithm, b"body")


def test_a_wrong_content_md5_is_refused(cloud: CloudProcess) -> None:
    make_bucket(cloud, "sums")
    with pytest.raises(ClientError, match="BadDigest"):
        cloud.client("s3").put_object(
            Bucket="sums", Key="k", Body=b"body", ContentMD5=checksum("MD5", b"other")
        )


def test_a_multipart_upload_arrives_whole(cloud: CloudProcess) -> None:
    make_bucket(cloud, "parts")
    s3 = cloud.client("s3")
    upload = s3.create_multipart_upload(Bucket="parts", Key="k")["UploadId"]
    bodies = [b"a" * 5 * 1024**2, b"b" * 1000]
    parts = []
    for number, body in enumerate(bodies, start=1):
        made = s3.upload_part(Bucket="parts", Key="k", UploadId=upload, PartNumber=number, Body=body)
        parts.append({"PartNumber": number, "ETag": made["ETag"]})
    s3.complete_multipart_upload(Bucket="parts", Key="k", UploadId=upload, MultipartUpload={"Parts": parts})
    assert s3.get_object(Bucket="parts", Key="k")["Body"].read() == b"".join(bodies)


def test_keys_with_odd_characters_are_kept_apart(cloud: CloudProcess) -> None:
    make_bucket(cloud, "odd")
    s3 = cloud.client("s3")
    keys = ["a/b", "a%2Fb", "a b", "a+b", "//double", "ünï"]
    for key in keys:
        s3.put_object(Bucket="odd", Key=key, Body=key.encode())
    assert {key: s3.get_object(Bucket="odd", Key=key)["Body"].read().decode() for key in keys} == {
        key: key for key in keys
    }


def test_one_of_many_simultaneous_conditional_writers_wins(cloud: CloudProcess) -> None:
    make_bucket(cloud, "lock")
    body = b"x" * 2 * 1024**2

    def write(round_number: int) -> bool:
        try:
            cloud.client("s3").put_object(
                Bucket="lock", Key=f"lease-{round_number}", Body=body, IfNoneMatch="*"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise
            return False
        return True

    with ThreadPoolExecutor(max_workers=6) as pool:
        for round_number in range(3):
            assert sum(pool.map(write, [round_number] * 6)) == 1


@pytest.mark.parametrize("kind", ["metrics", "analytics", "intelligent_tiering"])
def test_configurations_that_are_not_emulated_never_touch_the_bucket(cloud: CloudProcess, kind: str) -> None:
    make_bucket(cloud, "empty")
    s3 = cloud.client("s3")
    for verb in ("delete", "get"):
        with pytest.raises(ClientError, match="NotSupportedByLocalCloud"):
            getattr(s3, f"{verb}_bucket_{kind}_configuration")(Bucket="empty", Id="x")
    httpx.delete(f"{cloud.url}/empty?{kind.replace('_', '-')}&id=x")
    s3.head_bucket(Bucket="empty")


def test_an_inventory_is_deleted_without_its_bucket(cloud: CloudProcess) -> None:
    make_bucket(cloud, "listed")
    s3 = cloud.client("s3")
    destination = {"Bucket": "arn:aws:s3:::listed", "Format": "CSV"}
    s3.put_bucket_inventory_configuration(
        Bucket="listed",
        Id="x",
        InventoryConfiguration={
            "Id": "x",
            "IsEnabled": True,
            "IncludedObjectVersions": "All",
            "Schedule": {"Frequency": "Daily"},
            "Destination": {"S3BucketDestination": destination},
        },
    )
    s3.delete_bucket_inventory_configuration(Bucket="listed", Id="x")
    s3.head_bucket(Bucket="listed")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.delete_bucket_inventory_configuration(Bucket="listed", Id="x")
