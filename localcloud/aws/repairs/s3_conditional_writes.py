"""If-None-Match and If-Match are checked and obeyed in one step; stock moto lets several writers win."""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.s3.object_lock import OBJECT_LOCK
from localcloud.aws.world import World

_WRITES = ("_key_response_put", "_key_response_delete", "_key_response_post", "_bucket_response_delete_keys")


def _patch(responses: MotoObject, _world: World) -> None:
    for name in _WRITES:
        _serialise(responses.S3Response, name)


def _serialise(response: MotoObject, name: str) -> None:
    original = getattr(response, name)

    def alone(self: MotoObject, *arguments: MotoObject, **named: MotoObject) -> MotoObject:
        with OBJECT_LOCK:
            return original(self, *arguments, **named)

    setattr(response, name, alone)


REPAIR = Repair(
    name="s3_conditional_writes",
    service="s3",
    what="of simultaneous conditional writes several could win; exactly one does",
    operations=("PutObject", "CopyObject", "DeleteObject", "CompleteMultipartUpload"),
    patches=(("moto.s3.responses", _patch),),
)
