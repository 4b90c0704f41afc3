"""The RDS-managed master password: the right user, a random password, a rotation that stays readable.

Stock moto always stores admin / P@55w0rd! and a rotation leaves the secret without AWSCURRENT. A password
given by the caller is kept as given and never answered.
"""

from __future__ import annotations

import json
import secrets
import string

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_ALPHABET = string.ascii_letters + string.digits + "!#$%&()*+,-.:;<=>?[]^_{|}~"


def _patch(models: MotoObject, _world: World) -> None:
    def generate(self: MotoObject) -> str:
        return _remember(self.resource)

    def rotate(self: MotoObject) -> None:
        self._status = "rotating"
        self.secretsmanager.put_secret_value(
            secret_id=self.secret.arn,
            secret_string=_remember(self.resource),
            secret_binary=None,
            client_request_token=None,
            version_stages=["AWSCURRENT"],
        )

    models.MasterUserSecret._generate_secret_string = generate
    models.MasterUserSecret.rotate_secret = rotate


def _remember(resource: MotoObject) -> str:
    """Give the resource a new password, kept where a given one is kept, and return the secret's text."""
    password = "".join(secrets.choice(_ALPHABET) for _ in range(28))
    resource._master_user_password = password
    return json.dumps({"username": resource.master_username, "password": password})


REPAIR = Repair(
    name="rds_master_secret",
    service="rds",
    what="the managed secret held a fixed password, and RotateMasterUserPassword left it unreadable",
    operations=("CreateDBInstance", "ModifyDBInstance"),
    patches=(("moto.rds.models", _patch),),
)
