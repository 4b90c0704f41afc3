"""Multi-region keys: what one region encrypts, the other decrypts, and each keeps its own policy and aliases.

Stock moto writes ids of the wrong length (so nothing an `mrk-` key encrypted can be decrypted), wants ids
where AWS takes ARNs, and lets the replica share the primary's aliases and its very role.
"""

from __future__ import annotations

import copy
import json
import uuid

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.json_error import json_error
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World


def new_key_id(multi_region: bool = False) -> str:
    """Return a key id as KMS writes it: 36 characters either way."""
    return f"mrk-{uuid.uuid4().hex}" if multi_region else str(uuid.uuid4())


def _patch_models(models: MotoObject, _world: World) -> None:
    def family(self: MotoObject) -> list[MotoObject]:
        regions = list(models.kms_backends[self.account_id].values())
        return [backend.keys[self.id] for backend in regions if self.id in backend.keys]

    def read(self: MotoObject) -> dict[str, object]:
        places = [{"Arn": key.arn, "Region": key.region} for key in family(self)]
        is_primary = self.region == self.primary_region
        return {
            "MultiRegionKeyType": "PRIMARY" if is_primary else "REPLICA",
            "PrimaryKey": {
                "Arn": self.arn.replace(f":{self.region}:", f":{self.primary_region}:"),
                "Region": self.primary_region,
            },
            "ReplicaKeys": [place for place in places if place["Region"] != self.primary_region],
        }

    def write(self: MotoObject, configuration: MotoObject) -> None:
        self.primary_region = configuration["PrimaryKey"]["Region"]

    models.generate_key_id = new_key_id
    models.Key.multi_region_configuration = property(read, write)


def _patch_responses(responses: MotoObject, _world: World) -> None:
    def validate(self: MotoObject, key_id: str) -> None:
        if self.kms_backend.get_key_id(key_id) not in self.kms_backend.keys:
            raise responses.NotFoundException(f"Key '{self._display_arn(key_id)}' does not exist")

    def replicate(self: MotoObject) -> str:
        key_id = self.kms_backend.get_key_id(self._get_param("KeyId"))
        self._validate_cmk_id(key_id)
        primary = self.kms_backend.keys[key_id]
        region = self._get_param("ReplicaRegion")
        target = responses.kms_backends[self.current_account][region]
        _require_replicable(primary, target)
        replica = _replica(primary, region)
        replica.description = self._get_param("Description") or ""
        replica.policy = self._get_param("Policy") or replica.generate_default_policy()
        target.keys[replica.id] = replica
        tags = self._get_param("Tags") or []
        if tags:
            target.tagger.tag_resource(replica.id, tags)
        metadata = replica.to_dict()["KeyMetadata"]
        return json.dumps(
            {"ReplicaKeyMetadata": metadata, "ReplicaPolicy": replica.policy, "ReplicaTags": tags}
        )

    responses.KmsResponse._validate_cmk_id = validate
    responses.KmsResponse.replicate_key = replicate


def _require_replicable(primary: MotoObject, target: MotoObject) -> None:
    if not primary.multi_region or primary.region != primary.primary_region:
        raise json_error("UnsupportedOperationException", f"{primary.arn} is not a multi-Region primary key")
    if primary.id in target.keys:
        raise json_error("AlreadyExistsException", f"{primary.id} already exists in {target.region_name}")


def _replica(primary: MotoObject, region: str) -> MotoObject:
    """Copy what replicas share (id, material, spec) and start the rest afresh."""
    replica = copy.copy(primary)
    replica.arn = primary.arn.replace(f":{primary.region}:", f":{region}:")
    replica.region = region
    replica.aliases, replica.grants, replica.rotations = {}, {}, []
    replica.key_state, replica.enabled, replica.deletion_date = "Enabled", True, None
    return replica


REPAIR = Repair(
    name="kms_multi_region",
    service="kms",
    what="nothing a multi-region key encrypted could be decrypted; replicas shared the primary's aliases",
    operations=("CreateKey", "ReplicateKey", "DescribeKey", "Encrypt", "Decrypt"),
    patches=(("moto.kms.models", _patch_models), ("moto.kms.responses", _patch_responses)),
)
