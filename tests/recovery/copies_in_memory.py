"""An environment in memory that has logical copies, and a loader that knows only marks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lifeboat.core.clock import ManualClock
from scripts.actions.backup_login import Login
from scripts.actions.database_hands import Hands
from scripts.actions.load_job import Loaded, LoadJob
from scripts.backup.keys import manifest_key, part_key
from scripts.backup.manifest import CONTENTS_FILE, ROLES_FILE, Manifest, StoredPart
from scripts.engine.plan import Plan
from scripts.plans.database_restore import plan_restore
from scripts.plans.restore_request import read_request
from scripts.restore_world import Eyes, observe_world
from tests.backup.manifests import BODY, PLAIN, a_manifest
from tests.backup.remembered import FragileBackups, RememberedBackups
from tests.builders import OTHER
from tests.recovery.fake_world import FakeWorld
from tests.recovery.memory_store import Killer
from tests.recovery.plans import MADE_AT
from tests.recovery.restore_in_memory import MemorySite

COPIED_AT = MADE_AT - timedelta(hours=6)
_BUCKET = {"name": "bucket", "arn": "arn:aws:s3:::bucket", "kms_key_arn": "arn:aws:kms:us-east-2:1:key/1"}


class FakeLoads:
    """Loads by writing a mark down; the database has the copy's moment from then on."""

    def __init__(self, worlds: Sequence[FakeWorld], killer: Killer) -> None:
        self._worlds = worlds
        self._killer = killer

    def mark(self, login: Login, database: str) -> str:
        """Read the mark."""
        return str(self._of(login).get("Mark", ""))

    def load(self, job: LoadJob) -> Loaded:
        """Write it."""
        one = self._of(job.login)
        self._killer.moment("before load")
        one.update(Mark=job.mark, RestoreTime=job.manifest.snapshot_at)
        self._worlds[0].calls["load"] += 1
        self._killer.moment("after load")
        return Loaded(rows=job.manifest.rows, tables=0, fetch_s=0.0, load_s=0.0)

    def _of(self, login: Login) -> dict[str, Any]:
        world = next(one for one in self._worlds if login.address in one.names())
        return world.named(login.address)


class CopiesSite(MemorySite):
    """The environment; its bucket is in the recovery region."""

    def __init__(self, directory: Path) -> None:
        self.bucket = RememberedBackups(ManualClock(MADE_AT))
        self.databases: tuple[str, ...] = ("shop",)
        super().__init__(directory)
        backups = {**self.contract.backups.model_dump(), "buckets": {OTHER: _BUCKET}}
        document = {**self.contract.model_dump(), "backups": backups}
        self.contract = type(self.contract).model_validate(document)

    def hands(self, killer: Killer) -> Hands:
        """Hands that reach the bucket and load in memory."""
        return replace(
            super().hands(killer),
            backups=lambda *_: FragileBackups(self.bucket, killer),
            loads=FakeLoads((self.world, self.away), killer),
        )

    def make_plan(self, to: str = "latest", into: str = "") -> Plan:
        """Plan with everything in sight."""
        request = read_request(to, into, now=MADE_AT)
        hands = self.hands(Killer())
        eyes = Eyes(clients=hands.clients, backups=hands.backups, databases=lambda _: self.databases)
        world = observe_world(self.contract, request, eyes)
        return plan_restore(self.contract, world, request, now=MADE_AT)

    def put_copy(self, number: int = 1, *, at: datetime = COPIED_AT, **changes: Any) -> Manifest:
        """Write a copy whose parts are sound."""
        parts = [_part(file) for file in (CONTENTS_FILE, ROLES_FILE)]
        made = a_manifest(number, stopped_at=at + timedelta(minutes=1), parts=parts, **changes)
        for part in parts:
            self.bucket.put_if_absent(part_key(made.database, made.id, part.file, 1), BODY)
        self.bucket.put_if_absent(manifest_key(made.database, made.id), made.encode())
        return made


def _part(file: str) -> StoredPart:
    return StoredPart(
        file=file,
        number=1,
        offset=0,
        plain_bytes=len(PLAIN),
        plain_lines=PLAIN.count(b"\n"),
        stored_bytes=len(BODY),
        sha256=hashlib.sha256(BODY).hexdigest(),
    )
