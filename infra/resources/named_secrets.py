"""Secrets by name: the places, their keys, their copies in the other region, and who may read them.

No value is ever set here: `lifeboat secrets` sets them, so none can reach the state, a preview or a log.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredSecret
from infra.desired.reference import SecretRef
from infra.resources.scope import Scope


class NamedSecrets(pulumi.ComponentResource):
    """All secrets of the environment.

    Attributes:
        arns: by logical name and region; a copy has its secret's ARN but for the region.
    """

    arns: dict[str, dict[str, pulumi.Output[str]]]

    def __init__(self, desired: Sequence[DesiredSecret], scope: Scope) -> None:
        super().__init__("lifeboat:infra:NamedSecrets", "secrets", {}, scope.component())
        self.arns = {secret.name: self._secret(secret, scope) for secret in desired}
        self.register_outputs({"arns": self.arns})

    def _secret(self, desired: DesiredSecret, scope: Scope) -> dict[str, pulumi.Output[str]]:
        secret = aws.secretsmanager.Secret(
            desired.name,
            region=desired.region,
            name=desired.physical_name,
            description=desired.description,
            kms_key_id=scope.resolver.text(desired.key),
            recovery_window_in_days=desired.recovery_window_days,
            replicas=[
                {"region": replica.region, "kms_key_id": scope.resolver.text(replica.key)}
                for replica in desired.replicas
            ],
            opts=self._options(desired),
        )
        arn: pulumi.Output[str] = secret.arn
        aws.secretsmanager.SecretPolicy(
            desired.policy_name,
            region=desired.region,
            secret_arn=arn,
            policy=scope.resolver.policy(desired.policy),
            block_public_policy=True,
            opts=self._options(desired),
        )
        scope.resolver.learn(SecretRef(desired.name), arn)
        copies = {
            replica.region: _copy_arn(arn, desired.region, replica.region) for replica in desired.replicas
        }
        return {desired.region: arn, **copies}

    def _options(self, desired: DesiredSecret) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self, protect=desired.protected, retain_on_delete=desired.retain_on_delete
        )


def _copy_arn(arn: pulumi.Output[str], region: str, other: str) -> pulumi.Output[str]:
    return arn.apply(lambda text: text.replace(f":{region}:", f":{other}:", 1))
