"""A secret whose recovery window is over is gone, and a rotation that could not run is refused.

Stock moto keeps it forever, and "rotates" a secret that has no rotation function.
"""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World


def _patch_models(models: MotoObject, world: World) -> None:
    def delete_due() -> bool:
        now_s = world.clock.now().timestamp()
        due = [
            (backend, secret.name)
            for _, _, backend in list(models.secretsmanager_backends.iter_backends())
            for secret in list(dict.values(backend.secrets))
            if (getattr(secret, "deleted_date", None) or now_s + 1) <= now_s
        ]
        for backend, name in due:
            backend.secrets.pop(name)
        return bool(due)

    world.background.register("secret-deletion", delete_due)


def _patch_responses(responses: MotoObject, _world: World) -> None:
    def rotate(self: MotoObject) -> str:
        secret = self.backend.describe_secret(self._get_param("SecretId"))
        if not (self._get_param("RotationLambdaARN") or getattr(secret, "rotation_lambda_arn", "")):
            raise responses.InvalidRequestException("No Lambda rotation function ARN is associated with it.")
        why = "rotation functions are not run here; write the new value with PutSecretValue"
        raise NotImplementedError(why)

    responses.SecretsManagerResponse.rotate_secret = rotate


REPAIR = Repair(
    name="secrets_deletion",
    service="secretsmanager",
    what="deleted secrets outlived their window, and a rotation without a function succeeded; it is refused",
    operations=("DeleteSecret",),
    refused=("RotateSecret",),
    patches=(
        ("moto.secretsmanager.models", _patch_models),
        ("moto.secretsmanager.responses", _patch_responses),
    ),
)
