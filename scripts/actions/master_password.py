"""Gives a database its real master password: the one the program created it with is known to nobody.

The four steps of an AWS rotation, so that a crash between any two is healed by running it again:

    pending value stored ─► RDS told ─► RDS settled ─► pending value becomes current

Until the last step readers of the secret see the old value. Only a secret's very first value is seen early,
because Secrets Manager makes a first version current at once; AWSPENDING stays on it until RDS knows it.
"""

from __future__ import annotations

import json
from typing import Any

from lifeboat.core.clock import Clock
from lifeboat.core.errors import Stuck
from lifeboat.core.secret import Secret
from scripts.actions.secret_value import generate_value, promote_pending, put_pending, read_version
from scripts.observe.secret_state import PENDING, observe_secret

_SETTLE_TIMEOUT_S = 600
_POLL_S = 1.0


def set_master_password(secrets: Any, rds: Any, *, secret: str, instance: str, clock: Clock) -> None:  # noqa: ANN401  # boto3 clients have no type
    """Generate a master password, give it to RDS, then make it the current value of its secret.

    Args:
        secrets: Secrets Manager client of the secret's home region.
        rds: RDS client of the instance's region.
        secret: name of the secret; its value becomes `{"username": …, "password": …}`.
        instance: identifier of the primary.
        clock: paces the wait.

    Raises:
        Stuck: RDS did not settle in time; the pending value is kept and running it again continues.

    Effects: writes a secret version, modifies the instance.
    Source: Secrets Manager user guide, "Lambda rotation functions"; RDS API, ModifyDBInstance.
    """
    described = rds.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"][0]
    version = observe_secret(secrets, secret).pending_version
    if version is None:
        password = generate_value().reveal()
        value = Secret(json.dumps({"username": described["MasterUsername"], "password": password}))
        version = put_pending(secrets, secret, value)
    pending = json.loads(read_version(secrets, secret, version, PENDING).reveal())
    rds.modify_db_instance(
        DBInstanceIdentifier=instance, MasterUserPassword=pending["password"], ApplyImmediately=True
    )
    _wait_until_settled(rds, instance, clock)
    promote_pending(secrets, secret, version)


def _wait_until_settled(rds: Any, instance: str, clock: Clock) -> None:  # noqa: ANN401  # see above
    deadline_s = clock.monotonic_s() + _SETTLE_TIMEOUT_S
    while clock.monotonic_s() < deadline_s:
        described = rds.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"][0]
        waiting = "MasterUserPassword" in described.get("PendingModifiedValues", {})
        if described["DBInstanceStatus"] == "available" and not waiting:
            return
        clock.sleep(_POLL_S)
    raise Stuck(
        f"database {instance}: still changing its master password after {_SETTLE_TIMEOUT_S} s",
        hint="look at its status; running the command again continues with the same pending value",
    )
