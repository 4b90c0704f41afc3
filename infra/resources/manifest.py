"""The contract as an object in the recovery region: what the scripts read when nothing else answers."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredManifest
from infra.resources.bucket import Bucket
from infra.resources.scope import Scope


class Manifest(pulumi.ComponentResource):
    """The manifest object, written last.

    It moves with the recovery region. A protected environment leaves the copy in the old bucket where it is
    (its versions are locked anyway); readers take the newest.
    """

    def __init__(
        self,
        desired: DesiredManifest,
        bucket: Bucket,
        content: pulumi.Input[str],
        scope: Scope,
        *,
        everything_else: Sequence[pulumi.Resource],
        keep: bool,
    ) -> None:
        """Declare the manifest.

        Args:
            desired: where it goes.
            bucket: the recovery region's bucket.
            content: the contract as JSON; the same contract gives the same text.
            scope: the provider and the resolver.
            everything_else: what must exist before the manifest says so.
            keep: leave the object when the program gives it up.
        """
        super().__init__("lifeboat:infra:Manifest", desired.name, {}, scope.component())
        aws.s3.BucketObjectv2(
            desired.name,
            region=desired.region,
            bucket=bucket.bucket_name,
            key=desired.object_key,
            content=content,
            content_type="application/json",
            server_side_encryption="aws:kms",
            kms_key_id=scope.resolver.text(desired.key),
            bucket_key_enabled=True,
            force_destroy=not keep,
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=keep, depends_on=list(everything_else)),
        )
        self.register_outputs({})
