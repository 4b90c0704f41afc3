"""A multi-region KMS key: the primary copy in the home region, a replica and an alias in every other.

The copies share key material, so what one region encrypted the other decrypts. The primary copy never moves:
which region holds the primary database is another matter.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredKey, KeyCopy
from infra.desired.reference import KeyRef
from infra.resources.scope import Scope


class Key(pulumi.ComponentResource):
    """A key and its copies.

    Attributes:
        arns: ARN of the copy in each region.
    """

    arns: dict[str, pulumi.Output[str]]

    def __init__(self, desired: DesiredKey, scope: Scope) -> None:
        super().__init__("lifeboat:infra:Key", f"key-{desired.name}", {}, scope.component())
        self._stateful = pulumi.ResourceOptions(
            parent=self, protect=desired.protected, retain_on_delete=desired.retain_on_delete
        )
        self._policy = scope.resolver.policy(desired.policy)
        primary = self._primary(desired)
        copies = {desired.primary.region: primary}
        for copy in desired.replicas:
            copies[copy.region] = self._replica(desired, copy, primary.arn)
        for copy in desired.copies():
            aws.kms.Alias(
                copy.alias_name,
                region=copy.region,
                name=desired.alias,
                target_key_id=copies[copy.region].key_id,
                opts=self._stateful,
            )
        self.arns = {region: key.arn for region, key in copies.items()}
        for region, arn in self.arns.items():
            scope.resolver.learn(KeyRef(desired.name, region), arn)
        self.register_outputs({"arns": self.arns})

    def _primary(self, desired: DesiredKey) -> aws.kms.Key:
        return aws.kms.Key(
            desired.primary.name,
            region=desired.primary.region,
            description=desired.description,
            multi_region=desired.multi_region,
            enable_key_rotation=desired.rotation,
            deletion_window_in_days=desired.deletion_window_days,
            policy=self._policy,
            opts=self._stateful,
        )

    def _replica(
        self, desired: DesiredKey, copy: KeyCopy, primary_arn: pulumi.Output[str]
    ) -> aws.kms.ReplicaKey:
        # Rotation is shared with the primary copy; a replica has no setting for it.
        return aws.kms.ReplicaKey(
            copy.name,
            region=copy.region,
            description=desired.description,
            primary_key_arn=primary_arn,
            deletion_window_in_days=desired.deletion_window_days,
            policy=self._policy,
            opts=self._stateful,
        )
