"""Takes a snapshot of the primary, waits for it, and copies it into the other region.

    look ─► create (unless one is half-made) ─► available ─► copy with that region's key ─► available ─► mark

The name is decided before anything is asked for, and everything is looked for by it: an answer that was lost,
a process that was killed, and a second start all find what is there instead of making another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.errors import Refused, StepFailed
from lifeboat.core.units import format_duration
from scripts.actions.database_names import tag_list
from scripts.backup.snapshots import COPIED_TAG, Owner, has_failed, is_available, new_name, unfinished
from scripts.observe.aws import Clients, NoAnswer, SaidNo, asking
from scripts.observe.snapshots import SeenCopy, observe_copies

_EXISTS = "DBSnapshotAlreadyExists"
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotJob:
    """What to take a snapshot of, and where to copy it.

    Args:
        identifier: the primary's.
        home: its region.
        away: the recovery region.
        key: of KMS in the recovery region, for the copy; empty for none.
        owner: whose it is.
        within_s: how long both together may take.
        silence_s: how long a region may give no answer at all.
        tell: called with a line at the beginning of each phase.
    """

    clients: Clients
    identifier: str
    home: str
    away: str
    key: str
    owner: Owner
    within_s: float = 4 * 3600.0
    silence_s: float = 120.0
    clock: Clock = field(default_factory=SystemClock)
    tell: Callable[[str], None] = lambda _line: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A snapshot that is there in both regions; `resumed` when somebody else had begun it."""

    name: str
    regions: tuple[str, ...]
    resumed: bool


def take_snapshot(job: SnapshotJob) -> Taken:
    """Take it and copy it; when this returns, both are available.

    Raises:
        NoAnswer: a region does not answer; starting again goes on from there.
        Refused: AWS does not let us, or there is no key for the copy.
        StepFailed: RDS gave it up, or it took too long.

    Effects: RDS CreateDBSnapshot, CopyDBSnapshot, AddTagsToResource.
    """
    return _Taking(job).run()


class _Taking:
    """One snapshot on its way."""

    def __init__(self, job: SnapshotJob) -> None:
        self._job = job
        self._until_s = job.clock.monotonic_s() + job.within_s

    def run(self) -> Taken:
        job = self._job
        found = unfinished(self._ours(job.home), identifier=job.identifier, now=job.clock.now())
        name = found or new_name(job.identifier, job.clock.now())
        job.tell(f"snapshot {name}{': going on with it' if found else ''}")
        taken = self._made(job.home, name, lambda: self._create(name))
        if taken.is_encrypted and not job.key:
            raise Refused(f"snapshot {name} is encrypted, and no key for its copy in {job.away} is known")
        self._made(job.away, name, lambda: self._copy(taken))
        with asking(f"mark on snapshot {name}"):
            job.clients("rds", job.home).add_tags_to_resource(
                ResourceName=taken.arn, Tags=tag_list({COPIED_TAG: job.away})
            )
        return Taken(name=name, regions=(job.home, job.away), resumed=bool(found))

    def _made(self, region: str, name: str, make: Callable[[], None]) -> SeenCopy:
        """Return the snapshot once it is available; ask for it when it is not there."""
        clock, told = self._job.clock, ""
        wait_s, heard_s = _FIRST_WAIT_S, clock.monotonic_s()
        while True:
            try:
                seen = next((each for each in self._ours(region) if each.name == name), None)
                heard_s = clock.monotonic_s()
                if seen is not None and is_available(seen):
                    return seen
                if seen is None:
                    make()
                state = self._state(seen, name)
            except NoAnswer as error:
                if clock.monotonic_s() - heard_s > self._job.silence_s:
                    raise
                state = error.message
            if state != told:
                self._job.tell(f"{region}: {state}")
                told = state
            if clock.monotonic_s() + wait_s > self._until_s:
                length = format_duration(timedelta(seconds=self._job.within_s))
                raise StepFailed(f"snapshot {name} in {region}: after {length} {state}", retryable=True)
            clock.sleep(wait_s)
            wait_s = min(_LONGEST_WAIT_S, wait_s * 1.5)

    def _state(self, seen: SeenCopy | None, name: str) -> str:
        if seen is None:
            return f"{name} was asked for"
        if has_failed(seen):
            raise StepFailed(
                f"snapshot {name} in {seen.region} is {seen.status}", hint="once it is removed, start again"
            )
        return f"{name} is {seen.status}"

    def _create(self, name: str) -> None:
        with _once(), asking(f"snapshot {name} of {self._job.identifier}"):
            self._job.clients("rds", self._job.home).create_db_snapshot(
                DBInstanceIdentifier=self._job.identifier,
                DBSnapshotIdentifier=name,
                Tags=tag_list(self._job.owner.tags),
            )

    def _copy(self, taken: SeenCopy) -> None:
        with _once(), asking(f"copy of snapshot {taken.name} in {self._job.away}"):
            self._job.clients("rds", self._job.away).copy_db_snapshot(
                SourceDBSnapshotIdentifier=taken.arn,
                TargetDBSnapshotIdentifier=taken.name,
                SourceRegion=self._job.home,
                Tags=tag_list(self._job.owner.tags),
                **({"KmsKeyId": self._job.key} if self._job.key else {}),
            )

    def _ours(self, region: str) -> list[SeenCopy]:
        return [each for each in observe_copies(self._job.clients, region) if self._job.owner.owns(each)]


@contextmanager
def _once() -> Iterator[None]:
    """Take it for done when it is there already: our own call whose answer was lost."""
    try:
        yield
    except SaidNo as error:
        if error.code != _EXISTS:
            raise
