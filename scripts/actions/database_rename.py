"""Renames one instance, known by its resource id, which no rename changes; there and back.

What a renaming step kind is built of: a run that starts again sees by the resource id which renames happened.
"""

from __future__ import annotations

from dataclasses import dataclass

from lifeboat.core.errors import StepFailed
from scripts.actions.database_hands import Hands, busy, seen
from scripts.engine.found import Found, absent, done, underway
from scripts.engine.verification import Verification
from scripts.observe.aws import NoAnswer, SaidNo, asking
from scripts.observe.databases import find_instance
from scripts.observe.instance import SeenInstance

_TAKEN = "DBInstanceAlreadyExists"
_PENDING = "DBInstanceIdentifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """One instance and the name it is to have."""

    hands: Hands
    region: str
    instance: SeenInstance
    wanted: str

    def look(self) -> Found:
        """See which name it has."""
        passing = busy(self.instance)
        if passing is not None:
            return passing
        if _PENDING in self.instance.pending:
            return underway(f"{self.instance.identifier} is being renamed")
        if self.instance.identifier != self.wanted:
            return absent()
        return done(seen(self.instance))

    def ask(self) -> None:
        """Ask for the name.

        Raises:
            NoAnswer: retryable: the name was only just given up and is not free yet.
            StepFailed: another instance has it.

        Effects: RDS ModifyDBInstance.
        """
        holder = find_instance(self.hands.clients, self.region, identifier=self.wanted)
        if holder is not None:
            raise StepFailed(f"name {self.wanted} is taken by instance {holder.resource_id} in {self.region}")
        what = f"rename of {self.instance.identifier} to {self.wanted}"
        try:
            with asking(what):
                self.hands.clients("rds", self.region).modify_db_instance(
                    DBInstanceIdentifier=self.instance.identifier,
                    NewDBInstanceIdentifier=self.wanted,
                    ApplyImmediately=True,
                )
        except SaidNo as error:
            if error.code == _TAKEN:
                raise NoAnswer(f"{what}: the name is not free yet", retryable=True) from error
            raise

    def prove(self) -> Verification:
        """It has the name."""
        if self.instance.identifier == self.wanted:
            return Verification()
        return Verification(findings=(f"instance {self.instance.identifier} is not named {self.wanted}",))
