"""Replication really copies; stock moto stores the configuration and copies nothing."""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.s3.replicator import enqueue, replicate_pending
from localcloud.aws.world import World


def _patch(models: MotoObject, world: World) -> None:
    backend = models.S3Backend
    put, mark = backend.put_object, backend._set_delete_marker

    def put_and_note(
        self: MotoObject, bucket_name: str, *arguments: MotoObject, **named: MotoObject
    ) -> MotoObject:
        version = put(self, bucket_name, *arguments, **named)
        enqueue(self, self.get_bucket(bucket_name), version)
        return version

    def mark_and_note(self: MotoObject, bucket_name: str, key_name: str) -> MotoObject:
        marker = mark(self, bucket_name, key_name)
        enqueue(self, self.get_bucket(bucket_name), marker)
        return marker

    def run() -> bool:
        backends = [found for _, _, found in list(models.s3_backends.iter_backends())]
        return any([replicate_pending(found, world) for found in backends])

    backend.put_object, backend._set_delete_marker = put_and_note, mark_and_note
    models.FakeKey.response_dict = _with_status(models.FakeKey.response_dict)
    world.background.register("s3-replication", run)


def _with_status(original: MotoObject) -> property:
    def response_dict(self: MotoObject) -> dict[str, object]:
        found = dict(original.fget(self))
        status = getattr(self, "replication_status", None)
        if status:
            found["x-amz-replication-status"] = status
        return found

    return property(response_dict)


REPAIR = Repair(
    name="s3_replication",
    service="s3",
    what=(
        "nothing was replicated; new versions, and delete markers where configured, are copied in the "
        "background"
    ),
    operations=("PutObject", "CopyObject", "CompleteMultipartUpload", "DeleteObject", "HeadObject"),
    patches=(("moto.s3.models", _patch),),
)
