"""Step kinds: a logical copy is held for this run, and read in full before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from lifeboat.core.errors import LifeboatError, StepFailed
from scripts.actions.backup_hold import hold_backup, release_backup
from scripts.actions.backup_programs import find_programs
from scripts.actions.backup_verify import VerifyJob, verify_backup
from scripts.actions.database_hands import Hands
from scripts.actions.load_restore import HELD
from scripts.backup.holds import parse_hold
from scripts.backup.keys import hold_key, manifest_key
from scripts.backup.levels import Level
from scripts.backup.manifest import Manifest, parse_manifest
from scripts.backup.store import BackupStore
from scripts.engine.changes_nothing import ChangesNothing
from scripts.engine.context import Context
from scripts.engine.found import Found, absent, done
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.objects import StoreUnavailable
from scripts.engine.step import Step
from scripts.engine.verification import Undone, Verification


def open_copy(hands: Hands, step: Step) -> tuple[BackupStore, Manifest]:
    """Return a store that has the copy of a step, and its manifest.

    Raises:
        StepFailed: it was removed everywhere.
        StoreUnavailable: a bucket that may have it does not answer, and no other has it.
    """
    copy = cast("JsonObject", step.parameters["copy"])
    silent: StoreUnavailable | None = None
    for store in _stores(hands, copy):
        key = manifest_key(str(copy["database"]), str(copy["id"]))
        try:
            found = store.get(key)
        except StoreUnavailable as error:
            silent = error
            continue
        if found is not None:
            return store, parse_manifest(found.body, key)
    if silent is not None:
        raise silent
    raise StepFailed(f"{copy['id']} was removed", hint="choose another backup of `lifeboat backup list`")


def _stores(hands: Hands, copy: JsonObject) -> Iterator[BackupStore]:
    for place in cast("tuple[JsonObject, ...]", copy["buckets"]):
        yield hands.backups(str(copy["environment"]), str(place["bucket"]), str(place["region"]))


class HoldCopy:
    """Holds the copy for the run."""

    name = "backup-hold"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def look(self, step: Step, context: Context) -> Found:
        """See whether the hold is there."""
        store, manifest = open_copy(self._hands, step)
        found = store.get(hold_key(manifest.database, manifest.id, context.run_id))
        if found is None or not parse_hold(found.body, found.key).is_active(found.read_at):
            return absent()
        return done({"held_in": store.where})

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Hold it.

        Effects: writes an object.
        """
        store, manifest = open_copy(self._hands, step)
        hold_backup(store, manifest, context.run_id, HELD)
        return {}

    def undo(self, step: Step, context: Context) -> Undone:
        """Let go of it.

        Effects: writes an object.
        """
        store, manifest = open_copy(self._hands, step)
        release_backup(store, manifest, context.run_id)
        return Undone()

    def verify(self, step: Step, context: Context) -> Verification:
        """The hold is there."""
        is_held = self.look(step, context).result
        return Verification(findings=() if is_held else ("the copy is not held",))


class CheckCopy(ChangesNothing):
    """Reads the copy."""

    name = "backup-check"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Read every part; what was found is written beside the copy, as every verification does.

        Raises:
            StepFailed: it is damaged.
            Refused: this machine has no programs to load it with.

        Effects: reads objects, writes one.
        """
        store, manifest = open_copy(self._hands, step)
        programs = find_programs(int(str(step.parameters["major"])))
        record = verify_backup(
            VerifyJob(
                store=store,
                manifest=manifest,
                level=Level.UNALTERED,
                by=context.run_id,
                clock=context.clock,
            )
        )
        if record.problems:
            words = "; ".join(record.problems)
            raise StepFailed(f"{manifest.id} is damaged: {words}", hint="choose another backup")
        context.note("tools", pg_restore=programs.version)
        return {"parts": record.parts_read, "bytes": manifest.stored_bytes}

    def verify(self, step: Step, context: Context) -> Verification:
        """It was read to its end, or this step would have failed."""
        try:
            open_copy(self._hands, step)
        except LifeboatError as error:
            return Verification(findings=(error.message,))
        return Verification(level=int(Level.UNALTERED))
