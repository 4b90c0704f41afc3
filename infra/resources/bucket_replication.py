"""New objects of one bucket copied into another region's: the copy a region's loss does not touch."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from infra.desired.model import BucketReplication as DesiredReplication
from infra.desired.model import DesiredBucket
from infra.resources.bucket import Bucket
from infra.resources.scope import Scope


class BucketReplication(pulumi.ComponentResource):
    """The replication of a bucket into another.

    It follows the primary region, so it is never protected; the copies stay where they are.
    """

    def __init__(
        self,
        desired: DesiredBucket,
        replication: DesiredReplication,
        buckets: tuple[Bucket, Bucket],
        scope: Scope,
    ) -> None:
        """Declare a replication.

        Args:
            desired: the source bucket.
            replication: where its objects go.
            buckets: source and target; both must keep versions before S3 accepts a replication.
            scope: the provider and the resolver.
        """
        name = f"{desired.name}-replication"
        super().__init__("lifeboat:infra:BucketReplication", name, {}, scope.component())
        source, _target = buckets
        aws.s3.BucketReplicationConfig(
            name,
            region=desired.region,
            bucket=source.bucket_name,
            role=scope.resolver.text(replication.role),
            rules=[_rule(replication, scope)],
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(buckets)),
        )
        self.register_outputs({})


def _rule(replication: DesiredReplication, scope: Scope) -> dict[str, Any]:
    return {
        "id": "everything",
        "status": "Enabled",
        "priority": 0,
        "filter": {"prefix": ""},
        "delete_marker_replication": {"status": _status(replication.delete_markers)},
        "source_selection_criteria": {"sse_kms_encrypted_objects": {"status": "Enabled"}},
        "destination": {
            "bucket": scope.resolver.text(replication.target),
            "storage_class": replication.storage_class,
            "encryption_configuration": {"replica_kms_key_id": scope.resolver.text(replication.target_key)},
            "replication_time": {"status": "Enabled", "time": {"minutes": replication.time_minutes}},
            "metrics": {"status": "Enabled", "event_threshold": {"minutes": replication.time_minutes}},
        },
    }


def _status(enabled: bool) -> str:
    return "Enabled" if enabled else "Disabled"
