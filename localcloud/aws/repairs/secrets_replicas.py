"""Replicas of secrets keep their region's key and can be made independent (the promotion of a failover).

Stock moto has no StopReplicationToReplica and forgets the KmsKeyId of a replica.
"""

from __future__ import annotations

import copy
import json

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World


def _patch_models(models: MotoObject, _world: World) -> None:
    create = models.FakeSecret.create_replicas

    def create_with_keys(
        self: MotoObject, replica_regions: list[dict[str, str]], force_overwrite: bool
    ) -> MotoObject:
        replicas = create(self, replica_regions, force_overwrite)
        keys = {wanted["Region"]: wanted.get("KmsKeyId") for wanted in replica_regions}
        for replica in replicas:
            replica.config["KmsKeyId"] = keys.get(replica.region) or replica.config["KmsKeyId"]
        return replicas

    models.FakeSecret.create_replicas = create_with_keys


def _patch_responses(responses: MotoObject, _world: World) -> None:
    def stop(self: MotoObject) -> str:
        secret_id = self._get_param("SecretId")
        replica = self.backend.describe_secret(secret_id)
        source = getattr(replica, "source", None)
        if source is None:
            raise responses.InvalidRequestException(f"{secret_id} is not a replica of another secret.")
        source.replicas.remove(replica)
        dict.pop(self.backend.secrets, replica.arn)
        self.backend.secrets[replica.name] = _independent(source, replica)
        return json.dumps({"ARN": replica.arn})

    responses.SecretsManagerResponse.stop_replication_to_replica = stop


def _independent(source: MotoObject, replica: MotoObject) -> MotoObject:
    secret = copy.copy(source)
    secret.arn, secret.region = replica.arn, replica.region
    secret.kms_key_id = replica.config["KmsKeyId"]
    secret.versions, secret.tags = copy.deepcopy(source.versions), copy.deepcopy(source.tags)
    secret.replicas = []
    # A replica has neither the primary's policy nor its rotation.
    secret.policy, secret.rotation_requested, secret.rotation_enabled = None, False, False
    return secret


REPAIR = Repair(
    name="secrets_replicas",
    service="secretsmanager",
    what="a replica could not be promoted, and its KMS key was forgotten",
    operations=("ReplicateSecretToRegions", "StopReplicationToReplica"),
    patches=(
        ("moto.secretsmanager.models", _patch_models),
        ("moto.secretsmanager.responses", _patch_responses),
    ),
)
