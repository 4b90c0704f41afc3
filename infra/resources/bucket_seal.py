"""The last two settings of a bucket: where its new objects are copied, and the policy that closes it.

Both come after every setting of every bucket. A replication needs versions kept at both ends, and buckets may
be copied both ways. The policy lets only the deploy role change settings, so one put earlier would shut out
whoever brings an environment up for the first time, when that role does not exist yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.desired.model import BucketReplication, DesiredBucket
from infra.resources.bucket import Bucket
from infra.resources.scope import Scope


class BucketSeal(pulumi.ComponentResource):
    """Replication, where the bucket has one, and then the policy."""

    def __init__(self, desired: DesiredBucket, buckets: Mapping[str, Bucket], scope: Scope) -> None:
        """Declare the last settings.

        Args:
            desired: the bucket.
            buckets: every bucket by logical name.
            scope: the provider and the resolver.
        """
        super().__init__("lifeboat:infra:BucketSeal", f"{desired.name}-seal", {}, scope.component())
        fate = pulumi.ResourceOptions(
            parent=self, protect=desired.protected, retain_on_delete=desired.retain_on_delete
        )
        bucket = buckets[desired.name]
        before: list[pulumi.Resource] = [bucket]
        replication = desired.replication
        if replication is not None:
            ends = pulumi.ResourceOptions(depends_on=[bucket, buckets[replication.target.name]])
            before.append(
                aws.s3.BucketReplicationConfig(
                    f"{desired.name}-replication",
                    region=desired.region,
                    bucket=bucket.bucket_name,
                    role=scope.resolver.text(replication.role),
                    rules=[_rule(replication, scope)],
                    opts=pulumi.ResourceOptions.merge(fate, ends),
                )
            )
        aws.s3.BucketPolicy(
            f"{desired.name}-policy",
            region=desired.region,
            bucket=bucket.bucket_name,
            policy=scope.resolver.policy(desired.policy),
            opts=pulumi.ResourceOptions.merge(fate, pulumi.ResourceOptions(depends_on=before)),
        )
        self.register_outputs({})


def _rule(replication: BucketReplication, scope: Scope) -> dict[str, Any]:
    minutes = {"minutes": replication.time_minutes}
    return {
        "id": replication.rule_id,
        "status": "Enabled",
        "priority": 0,
        "filter": {"prefix": ""},
        "delete_marker_replication": {"status": "Enabled" if replication.delete_markers else "Disabled"},
        "source_selection_criteria": {"sse_kms_encrypted_objects": {"status": "Enabled"}},
        "destination": {
            "bucket": scope.resolver.text(replication.target),
            "storage_class": replication.storage_class,
            "encryption_configuration": {"replica_kms_key_id": scope.resolver.text(replication.target_key)},
            "replication_time": {"status": "Enabled", "time": minutes},
            "metrics": {"status": "Enabled", "event_threshold": minutes},
        },
    }
