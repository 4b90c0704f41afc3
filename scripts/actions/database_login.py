"""Step kinds: the master user and the apps' roles log in with the values their secrets hold now.

A restored database has the passwords of the moment it was restored to; the secrets may have been rotated
since. The database is given the current values: the apps have those. No value is made or stored here.
"""

from __future__ import annotations

from collections.abc import Mapping

from scripts.actions.database_hands import Hands, busy
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done
from scripts.engine.json_values import Json
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification
from scripts.observe.aws import asking


class MasterLogin:
    """Gives the master user of the restored instance the password of its secret."""

    name = "database-login"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """Log in."""
        instance = self._hands.restored(step, context)
        passing = busy(instance)
        if passing is not None:
            return passing
        return absent() if self._refusal(step, context) else done({"verified": "verify-full"})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Tell RDS the password; telling it again changes nothing.

        Effects: RDS ModifyDBInstance.
        """
        instance = self._hands.restored(step, context)
        login = self._hands.master(step.parameters, instance)
        with asking(f"master password of {instance.identifier}"):
            self._hands.clients("rds", str(step.parameters["region"])).modify_db_instance(
                DBInstanceIdentifier=instance.identifier,
                MasterUserPassword=login.password.reveal(),
                ApplyImmediately=True,
            )
        return {"reset": True}

    def undo(self, step: Step, context: Context) -> Undone:
        """Leave it: it is the password of the new instance only."""
        return Undone(kept="the master password stays on the restored instance")

    def verify(self, step: Step, context: Context) -> Verification:
        """Log in once more."""
        refusal = self._refusal(step, context)
        return Verification(findings=(refusal,) if refusal else ())

    def _refusal(self, step: Step, context: Context) -> str:
        login = self._hands.master(step.parameters, self._hands.restored(step, context))
        return self._hands.sessions.refusal(login, str(step.parameters["name"]))


class RoleLogin:
    """Gives one role of the restored database the password of its secret."""

    name = "database-role-login"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """Log in as the role."""
        return absent() if self._refusal(step, context) else done({"verified": "verify-full"})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Set its password as the master user; makes the role when it is younger than the moment restored.

        Effects: CREATE or ALTER ROLE.
        """
        given = step.parameters
        master = self._hands.master(given, self._hands.restored(step, context))
        password = self._hands.secret_value(given, str(given["secret"]))
        self._hands.sessions.set_role(master, str(given["name"]), str(given["role"]), password)
        return {"reset": True}

    def undo(self, step: Step, context: Context) -> Undone:
        """Leave it: it is the password of the new instance only."""
        return Undone(kept="the role's password stays on the restored instance")

    def verify(self, step: Step, context: Context) -> Verification:
        """Log in once more."""
        refusal = self._refusal(step, context)
        return Verification(findings=(refusal,) if refusal else ())

    def _refusal(self, step: Step, context: Context) -> str:
        given = step.parameters
        password = self._hands.secret_value(given, str(given["secret"]))
        login = self._hands.login(self._hands.restored(step, context), str(given["role"]), password)
        return self._hands.sessions.refusal(login, str(given["name"]))
