"""Disabled keys and keys awaiting deletion refuse to work, deletion happens, and ARNs are as good as ids.

Stock moto goes on encrypting with either, never deletes, and fails when such an operation names an ARN.
"""

from __future__ import annotations

import json
from datetime import UTC

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.json_error import json_error
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_BY_ID = ("disable_key", "enable_key", "cancel_key_deletion", "schedule_key_deletion")
_WORK = ("encrypt", "sign")


def _patch_backend(models: MotoObject, world: World) -> None:
    backend = models.KmsBackend
    for name in _BY_ID:
        _accept_arn(backend, name)
    for name in _WORK:
        _require_enabled_first(backend, name)
    decrypt = backend.decrypt

    def decrypt_when_enabled(self: MotoObject, **arguments: MotoObject) -> MotoObject:
        plaintext, arn = decrypt(self, **arguments)
        _require_enabled(self.keys[self.get_key_id(arn)])
        return plaintext, arn

    backend.decrypt = decrypt_when_enabled
    world.background.register("kms-deletion", lambda: _delete_due(models, world))


def _accept_arn(backend: MotoObject, name: str) -> None:
    original = getattr(backend, name)

    def by_any_name(self: MotoObject, key_id: str, *rest: MotoObject) -> MotoObject:
        return original(self, self.get_key_id(key_id), *rest)

    setattr(backend, name, by_any_name)


def _require_enabled_first(backend: MotoObject, name: str) -> None:
    original = getattr(backend, name)

    def when_enabled(self: MotoObject, key_id: str, *rest: MotoObject, **named: MotoObject) -> MotoObject:
        key = self.keys.get(self.any_id_to_key_id(key_id))
        if key is not None:
            _require_enabled(key)
        return original(self, key_id, *rest, **named)

    setattr(backend, name, when_enabled)


def _require_enabled(key: MotoObject) -> None:
    if key.key_state == "PendingDeletion":
        raise json_error("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if not key.enabled:
        raise json_error("DisabledException", f"{key.arn} is disabled.")


def _delete_due(models: MotoObject, world: World) -> bool:
    now = world.clock.now()
    due = [
        (backend, key.id)
        for _, _, backend in list(models.kms_backends.iter_backends())
        for key in list(backend.keys.values())
        if key.deletion_date is not None and key.deletion_date.replace(tzinfo=UTC) <= now
    ]
    for backend, key_id in due:
        backend.delete_key(key_id)
    return bool(due)


def _patch_rotation(responses: MotoObject, _world: World) -> None:
    response = responses.KmsResponse
    enable = response.enable_key_rotation

    def enable_with_period(self: MotoObject) -> str:
        answer = str(enable(self))
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        key.rotation_period_days = self._get_param("RotationPeriodInDays") or 365
        return answer

    def status(self: MotoObject) -> str:
        key_id = self._get_param("KeyId")
        self._validate_cmk_id(key_id)
        key = self.kms_backend.keys[self.kms_backend.get_key_id(key_id)]
        found: dict[str, object] = {"KeyId": key.arn, "KeyRotationEnabled": key.key_rotation_status}
        if key.key_rotation_status:
            found["RotationPeriodInDays"] = getattr(key, "rotation_period_days", 365)
        return json.dumps(found)

    response.enable_key_rotation = enable_with_period
    response.get_key_rotation_status = status


REPAIR = Repair(
    name="kms_key_state",
    service="kms",
    what="disabled and doomed keys went on working, were never deleted, and the rotation period was lost",
    operations=(
        "Encrypt",
        "Decrypt",
        "GenerateDataKey",
        "ScheduleKeyDeletion",
        "DisableKey",
        "EnableKey",
        "EnableKeyRotation",
        "GetKeyRotationStatus",
    ),
    patches=(("moto.kms.models", _patch_backend), ("moto.kms.responses", _patch_rotation)),
)
