"""An S3 bucket with the settings that keep its content private, encrypted and hard to lose.

Settings are resources of their own (that is how S3 and the provider see them) and share the bucket's fate: a
bucket that stays must not lose its lock or its public access block because its settings were deleted. What
comes last, replication and policy, is `BucketSeal`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredBucket
from infra.desired.reference import BucketRef
from infra.resources.bucket_lifecycle import lifecycle_rules
from infra.resources.scope import Scope


class Bucket(pulumi.ComponentResource):
    """A bucket and its settings.

    Attributes:
        bucket_name: the bucket's name.
        arn: its ARN.
    """

    bucket_name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, desired: DesiredBucket, scope: Scope) -> None:
        super().__init__("lifeboat:infra:Bucket", desired.name, {}, scope.component())
        self._desired = desired
        bucket = aws.s3.Bucket(
            desired.name,
            region=desired.region,
            bucket=desired.physical_name,
            object_lock_enabled=desired.object_lock is not None,
            force_destroy=desired.force_destroy,
            opts=self._options(),
        )
        self.bucket_name = bucket.bucket
        self.arn = bucket.arn
        self._keep_private()
        self._encrypt(scope.resolver.text(desired.key))
        self._keep_versions()
        scope.resolver.learn(BucketRef(desired.name), self.arn)
        self.register_outputs({"bucket": self.bucket_name, "arn": self.arn})

    def _options(self, depends_on: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self,
            protect=self._desired.protected,
            retain_on_delete=self._desired.retain_on_delete,
            depends_on=list(depends_on),
        )

    def _setting(self, setting: str) -> tuple[str, dict[str, Any]]:
        """Return the logical name of a setting and the arguments every setting has."""
        return f"{self._desired.name}-{setting}", {"region": self._desired.region, "bucket": self.bucket_name}

    def _keep_private(self) -> None:
        block = self._desired.public_access_block
        name, common = self._setting("public-access")
        aws.s3.BucketPublicAccessBlock(
            name,
            **common,
            block_public_acls=block.block_public_acls,
            block_public_policy=block.block_public_policy,
            ignore_public_acls=block.ignore_public_acls,
            restrict_public_buckets=block.restrict_public_buckets,
            opts=self._options(),
        )
        name, common = self._setting("ownership")
        rule = {"object_ownership": self._desired.object_ownership}
        aws.s3.BucketOwnershipControls(name, **common, rule=rule, opts=self._options())

    def _encrypt(self, key_arn: pulumi.Input[str]) -> None:
        name, common = self._setting("encryption")
        rule = {
            "apply_server_side_encryption_by_default": {
                "sse_algorithm": self._desired.sse_algorithm,
                "kms_master_key_id": key_arn,
            },
            "bucket_key_enabled": self._desired.bucket_key,
            "blocked_encryption_types": list(self._desired.blocked_encryption_types),
        }
        aws.s3.BucketServerSideEncryptionConfiguration(name, **common, rules=[rule], opts=self._options())

    def _keep_versions(self) -> None:
        name, common = self._setting("versioning")
        status = "Enabled" if self._desired.versioning else "Suspended"
        versioning = aws.s3.BucketVersioning(
            name, **common, versioning_configuration={"status": status}, opts=self._options()
        )
        lock = self._desired.object_lock
        if lock is not None:
            name, common = self._setting("object-lock")
            rule = {"default_retention": {"mode": lock.mode.value, "days": lock.days}}
            aws.s3.BucketObjectLockConfiguration(
                name, **common, object_lock_enabled="Enabled", rule=rule, opts=self._options([versioning])
            )
        if self._desired.lifecycle:
            name, common = self._setting("lifecycle")
            rules = lifecycle_rules(self._desired.lifecycle)
            # Rules for noncurrent versions mean nothing, and are dropped, without versioning.
            aws.s3.BucketLifecycleConfiguration(name, **common, rules=rules, opts=self._options([versioning]))
