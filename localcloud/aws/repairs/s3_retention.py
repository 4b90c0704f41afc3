"""Object Lock holds against shortening, and GetObjectRetention answers the retention.

Stock moto answers the object's body instead, lets COMPLIANCE be shortened or weakened, GOVERNANCE be
shortened without bypass, and versioning of a locked bucket be suspended.
"""

from __future__ import annotations

from datetime import UTC, datetime

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.s3.refusal import s3_error
from localcloud.aws.world import World

_LOCKED = "Access Denied because object protected by object lock."


def _patch_responses(responses: MotoObject, world: World) -> None:
    response = responses.S3Response
    get, put = response._key_response_get, response.put_object_retention

    def get_or_retention(self: MotoObject, query: MotoObject, key_name: str) -> MotoObject:
        if "retention" not in query:
            return get(self, query, key_name)
        key, _ = self._get_key(validate_storage_class=False)
        if not key.lock_mode:
            message = "The specified object does not have a ObjectLock configuration"
            raise s3_error("NoSuchObjectLockConfiguration", message)
        self.data["Action"] = "GetObjectRetention"
        retention = {"Mode": key.lock_mode, "RetainUntilDate": _moment(key.lock_until)}
        return self.serialized(responses.ActionResult({"Retention": retention}))

    def put_checked(self: MotoObject) -> MotoObject:
        mode, until = self._mode_until_from_body()
        key, _ = self._get_key(validate_storage_class=False)
        bypass = self.headers.get("x-amz-bypass-governance-retention", "").lower() == "true"
        _check(key, mode, until, bypass=bypass, now=world.clock.now())
        return put(self)

    response._key_response_get = get_or_retention
    response.put_object_retention = put_checked


def _check(key: MotoObject, mode: str | None, until: str | None, *, bypass: bool, now: datetime) -> None:
    if until and _moment(until) <= now:
        raise s3_error("InvalidArgument", "The retain until date must be in the future!")
    if not key.lock_mode or _moment(key.lock_until) <= now:
        return
    is_shorter = not until or _moment(until) < _moment(key.lock_until)
    if key.lock_mode == "COMPLIANCE" and (is_shorter or mode != "COMPLIANCE"):
        raise s3_error("AccessDenied", _LOCKED)
    if key.lock_mode == "GOVERNANCE" and is_shorter and not bypass:
        raise s3_error("AccessDenied", _LOCKED)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _patch_models(models: MotoObject, _world: World) -> None:
    put = models.S3Backend.put_bucket_versioning

    def put_versioning(self: MotoObject, bucket_name: str, status: str) -> None:
        if status == "Suspended" and self.get_bucket(bucket_name).object_lock_enabled:
            message = (
                "An Object Lock configuration is present on this bucket, so versioning cannot be suspended."
            )
            raise s3_error("InvalidBucketState", message)
        put(self, bucket_name, status)

    models.S3Backend.put_bucket_versioning = put_versioning


REPAIR = Repair(
    name="s3_retention",
    service="s3",
    what="GetObjectRetention answered the body; COMPLIANCE could be shortened and versioning suspended",
    operations=("GetObjectRetention", "PutObjectRetention", "PutBucketVersioning"),
    patches=(("moto.s3.responses", _patch_responses), ("moto.s3.models", _patch_models)),
)
