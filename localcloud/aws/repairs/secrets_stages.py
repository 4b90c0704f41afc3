"""The label AWSCURRENT decides what a secret's value is; stock moto keeps answering an older version."""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


def _patch(models: MotoObject, _world: World) -> None:
    backend = models.SecretsManagerBackend
    get, move = backend.get_secret_value, backend.update_secret_version_stage

    def get_current(
        self: MotoObject, secret_id: str, version_id: str | None, version_stage: str | None
    ) -> MotoObject:
        if not version_id and not version_stage:
            version_stage = _CURRENT
        return get(self, secret_id, version_id or None, version_stage or None)

    def move_label(
        self: MotoObject, secret_id: str, *arguments: MotoObject, **named: MotoObject
    ) -> MotoObject:
        answer = move(self, secret_id, *arguments, **named)
        secret = self.secrets[secret_id]
        secret.set_default_version_id(_holder(secret, _CURRENT))
        return answer

    backend.get_secret_value = get_current
    backend.update_secret_version_stage = move_label
    models.FakeSecret.reset_default_version = _make_current


def _make_current(self: MotoObject, secret_version: MotoObject, version_id: str) -> None:
    """Add a version as AWSCURRENT: its predecessor becomes AWSPREVIOUS and keeps its other labels."""
    predecessor = _holder(self, _CURRENT)
    for version in self.versions.values():
        lost = {_CURRENT, _PREVIOUS} | set(secret_version["version_stages"])
        version["version_stages"] = [label for label in version["version_stages"] if label not in lost]
    if predecessor is not None and predecessor != version_id:
        self.versions[predecessor]["version_stages"].append(_PREVIOUS)
    self.versions[version_id] = secret_version
    self.set_default_version_id(version_id)


def _holder(secret: MotoObject, label: str) -> str | None:
    for version_id, version in secret.versions.items():
        if label in version["version_stages"]:
            return str(version_id)
    return None


REPAIR = Repair(
    name="secrets_stages",
    service="secretsmanager",
    what="after UpdateSecretVersionStage, GetSecretValue without a stage kept answering the old version",
    operations=("GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"),
    patches=(("moto.secretsmanager.models", _patch),),
)
