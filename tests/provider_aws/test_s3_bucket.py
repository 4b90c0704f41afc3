"""S3 buckets and their versioning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from tests.provider_aws.conftest import OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live

BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"


def test_a_bucket_lives(resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any]) -> None:
    def tag(bucket: str, _outputs: dict[str, Any]) -> None:
        boto("s3").put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "by", "Value": "hand"}]})

    live(
        resource(BUCKET),
        Life(
            inputs={"bucket": "a-bucket-that-lives", "tags": {"owner": "me"}},
            bad={
                "buckets": {"buckets": "x"},
                "forceDestroy": {"forceDestroy": "yes"},
                "tags.a": {"tags": {"a": 1}},
                "versioning.enable": {"versioning": {"enable": True}},
            },
            changes={"tags": {"owner": "you"}, "forceDestroy": True},
            replacing={"bucket": {"bucket": "another-name"}, "region": {"region": OTHER}},
            by_hand=tag,
            drifted="tags",
            not_imported=frozenset({"forceDestroy"}),
        ),
        sessions,
    )


def test_versioning_lives(
    resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any]
) -> None:
    bucket = resource(BUCKET)
    bucket.create(bucket.check({"bucket": "a-versioned-bucket"}))

    def suspend(name: str, _outputs: dict[str, Any]) -> None:
        boto("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})

    versioning = resource(VERSIONING)
    live_inputs = {"bucket": "a-versioned-bucket", "versioningConfiguration": {"status": "Enabled"}}
    assert "versioningConfiguration.status" in versioning.failures(
        {**live_inputs, "versioningConfiguration": {}}
    )
    checked = versioning.check(live_inputs)
    resource_id, outputs = versioning.create(checked)
    assert outputs["versioningConfiguration"]["status"] == "Enabled"
    suspend(resource_id, outputs)
    _, drifted, _ = versioning.refresh(resource_id, checked, outputs)
    assert list(versioning.diff(resource_id, drifted, outputs, checked).diffs) == ["versioningConfiguration"]
    versioning.delete(resource_id, checked, outputs)
    versioning.delete(resource_id, checked, outputs)


def test_a_bucket_that_holds_something_is_not_deleted(
    resource: MakeResource, boto: Callable[..., Any]
) -> None:
    bucket = resource(BUCKET)
    checked = bucket.check({"bucket": "a-full-bucket"})
    name, outputs = bucket.create(checked)
    boto("s3").put_object(Bucket=name, Key="k", Body=b"v")
    with pytest.raises(grpc.RpcError) as refused:
        bucket.delete(name, checked, outputs)
    assert "not empty" in refused.value.details()
    forced = bucket.check({"bucket": "a-full-bucket", "forceDestroy": True}, checked)
    outputs = bucket.update(name, checked, outputs, forced)
    bucket.delete(name, forced, outputs)
    assert bucket.refresh(name, forced, outputs)[0] == ""


def test_a_bucket_without_a_name_gets_one_and_keeps_it(resource: MakeResource) -> None:
    bucket = resource(BUCKET, "My-Backups")
    checked = bucket.check({})
    assert checked["bucket"].startswith("my-backups-")
    assert len(checked["bucket"]) == len("my-backups-") + 7
    assert bucket.check({"tags": {"a": "b"}}, checked)["bucket"] == checked["bucket"]
    assert bucket.check({"bucketPrefix": "pre-"})["bucket"].startswith("pre-")


def test_a_bucket_in_another_region_is_made_there(resource: MakeResource, boto: Callable[..., Any]) -> None:
    bucket = resource(BUCKET)
    name, outputs = bucket.create(bucket.check({"bucket": "a-far-bucket", "region": OTHER}))
    assert outputs["region"] == outputs["bucketRegion"] == OTHER
    assert boto("s3").get_bucket_location(Bucket=name)["LocationConstraint"] == OTHER
    found, inputs, _ = bucket.import_(f"{name}@{OTHER}")
    assert (found, inputs["region"]) == (name, OTHER)
