"""Lifecycle and replication configurations read back as they were written; stock moto drops parts of both.

The request is parsed by its own model and kept beside moto's reading of it. Also here: an inventory
configuration can be deleted (without its bucket), and GetBucketRequestPayment answers the default.
"""

from __future__ import annotations

import secrets
from typing import Any

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.s3.refusal import s3_error
from localcloud.aws.world import World

_DEFAULT_SIZE = "all_storage_classes_128K"


def _patch(responses: MotoObject, _world: World) -> None:
    response = responses.S3Response
    response._bucket_response_put = _putting(response._bucket_response_put)
    response._bucket_response_get = _getting(response._bucket_response_get, responses.ActionResult)
    response._bucket_response_delete = _deleting(response._bucket_response_delete)


def _putting(put: MotoObject) -> MotoObject:
    def put_and_keep(self: MotoObject, request: MotoObject, name: str, query: MotoObject) -> MotoObject:
        kept = _parsed(self, query)
        if "replication" in query:
            _check_destinations(self.backend, kept["ReplicationConfiguration"])
        answer = put(self, request, name, query)
        bucket = self.backend.buckets.get(name)
        if "lifecycle" in query:
            bucket.lifecycle_configuration = _lifecycle(self, kept)
        if "replication" in query:
            bucket.replication_configuration = _with_ids(kept["ReplicationConfiguration"])
        return answer

    return put_and_keep


def _getting(get: MotoObject, result: MotoObject) -> MotoObject:
    def get_kept(self: MotoObject, name: str, query: MotoObject) -> MotoObject:
        bucket = self.backend.buckets.get(name)
        action, found = "", {}
        if "requestPayment" in query:
            action, found = "GetBucketRequestPayment", {"Payer": "BucketOwner"}
        elif "lifecycle" in query and getattr(bucket, "rules", None):
            action, found = "GetBucketLifecycleConfiguration", bucket.lifecycle_configuration
        elif "replication" in query and getattr(bucket, "replication", None):
            action = "GetBucketReplication"
            found = {"ReplicationConfiguration": bucket.replication_configuration}
        if not action:
            return get(self, name, query)
        self.data["Action"] = action
        return self.serialized(result(found))

    return get_kept


def _deleting(delete: MotoObject) -> MotoObject:
    def delete_kept(self: MotoObject, name: str, query: MotoObject) -> MotoObject:
        if "inventory" in query:
            configurations = self.backend.get_bucket(name).inventory_configs
            if configurations.pop(query["id"][0], None) is None:
                raise s3_error("NoSuchConfiguration", "The specified configuration does not exist.")
            return 204, {}, ""
        if "replication" in query:
            self.backend.get_bucket(name).replication_configuration = None
        return delete(self, name, query)

    return delete_kept


def _parsed(response: MotoObject, query: MotoObject) -> dict[str, Any]:
    operation = {"lifecycle": "PutBucketLifecycleConfiguration", "replication": "PutBucketReplication"}
    for word, name in operation.items():
        if word in query:
            response.data["Action"] = name
            response.parse_parameters(response.request)
            return dict(response.params)
    return {}


def _lifecycle(response: MotoObject, kept: dict[str, Any]) -> dict[str, Any]:
    size = response.headers.get("x-amz-transition-default-minimum-object-size", _DEFAULT_SIZE)
    rules = kept.get("LifecycleConfiguration", {}).get("Rules", [])
    return {**_with_ids({"Rules": rules}), "TransitionDefaultMinimumObjectSize": size}


def _with_ids(configuration: dict[str, Any]) -> dict[str, Any]:
    """Give the rules without a name one, as S3 does."""
    rules = [{"ID": secrets.token_hex(12), **rule} for rule in configuration["Rules"]]
    return {**configuration, "Rules": rules}


def _check_destinations(backend: MotoObject, configuration: dict[str, Any]) -> None:
    for rule in configuration["Rules"]:
        target = backend.buckets.get(rule["Destination"]["Bucket"].rpartition(":::")[2])
        if target is None:
            raise s3_error("InvalidRequest", "Destination bucket must exist.")
        if not target.is_versioned:
            raise s3_error("InvalidRequest", "Destination bucket must have versioning enabled.")


REPAIR = Repair(
    name="s3_configurations",
    service="s3",
    what="lifecycle and replication rules lost parts on read-back; deleting an inventory deleted the bucket",
    operations=(
        "PutBucketLifecycleConfiguration",
        "GetBucketLifecycleConfiguration",
        "PutBucketReplication",
        "GetBucketReplication",
        "DeleteBucketInventoryConfiguration",
        "GetBucketRequestPayment",
    ),
    patches=(("moto.s3.responses", _patch),),
)
