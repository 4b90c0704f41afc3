"""Step kind: after the swap, log in through the endpoint and measure what was lost and how long it was down.

Where the product writes heartbeat rows, these are the measure: from the last one of the old database to the
first one of the new one nothing was written, and those between the restored one and the old one's last are
lost. Both are rows that an outsider can count. Without them only bounds can be told, and are told as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lifeboat.core.errors import LifeboatError, Unverified
from scripts.actions.backup_login import Login
from scripts.actions.database_hands import Hands
from scripts.actions.swap_traces import BothSides
from scripts.engine.changes_nothing import ChangesNothing
from scripts.engine.context import Context
from scripts.engine.json_values import Json
from scripts.engine.moments import read_moment, write_moment
from scripts.engine.step import Step
from scripts.engine.verification import Verification

_MARK, _CONTENT = "mark-old", "content"
_BEAT_WITHIN_S = 20.0
_POLL_S = 0.2


class Measure(ChangesNothing):
    """Reads heartbeats on both sides of the swap."""

    name = "database-measure"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Log in and measure; the two measures go into the journal.

        Raises:
            Unverified: nobody gets in through the endpoint.
        """
        login = self._hands.reader(step.parameters, self._hands.restored(step, context))
        refusal = self._hands.sessions.refusal(login, _database(step))
        if refusal:
            raise Unverified(refusal, retryable=True)
        in_at = context.clock.now()
        restored_at = _moment(context.results[_CONTENT].get("newest_beat_at"))
        sides = BothSides(sessions=self._hands.sessions, name=_database(step), old=self._old(step), new=login)
        last_at = self._last_of(sides) if restored_at else None
        first_at = self._first_of_new(step, context, login, restored_at) if restored_at and last_at else None
        began_at = _moment(context.results.get(_MARK, {}).get("began_at"))
        self._note_loss(step, context, restored_at, last_at or began_at, is_exact=last_at is not None)
        self._note_outage(context, last_at if first_at else began_at, first_at or in_at, bool(first_at))
        sides.note_rows(context)
        if last_at and first_at:
            sides.note_beats(context, last_at, first_at)
        return {
            "through": f"{login.address}:{login.port}",
            "first_beat_at": write_moment(first_at) if first_at else None,
        }

    def verify(self, step: Step, context: Context) -> Verification:
        """Log in once more."""
        login = self._hands.reader(step.parameters, self._hands.restored(step, context))
        refusal = self._hands.sessions.refusal(login, _database(step))
        return Verification(findings=(refusal,) if refusal else ())

    def _old(self, step: Step) -> Login | None:
        resource_id = str(step.parameters["old"])
        if not resource_id:
            return None
        try:
            old = self._hands.instance(str(step.parameters["region"]), resource_id)
            return self._hands.reader(step.parameters, old)
        except LifeboatError:
            # An old database that cannot be found leaves a bound instead of a measure.
            return None

    def _last_of(self, sides: BothSides) -> datetime | None:
        if sides.old is None:
            return None
        try:
            return sides.sessions.contents(sides.old, sides.name).newest_beat_at
        except LifeboatError:
            # As above, for one that cannot be read.
            return None

    def _first_of_new(
        self, step: Step, context: Context, login: Login, restored_at: datetime
    ) -> datetime | None:
        deadline_s = context.clock.monotonic_s() + min(_BEAT_WITHIN_S, context.remaining_s)
        while True:
            found = self._hands.sessions.first_beat_after(login, _database(step), restored_at)
            if found is not None or context.clock.monotonic_s() >= deadline_s:
                return found
            context.clock.sleep(_POLL_S)
            context.checkpoint()

    def _note_loss(
        self,
        step: Step,
        context: Context,
        restored_at: datetime | None,
        last_at: datetime | None,
        *,
        is_exact: bool,
    ) -> None:
        if last_at is None:
            context.note("loss", how="nothing tells until when the old database was written to")
            return
        since_at = restored_at if is_exact and restored_at else read_moment(str(step.parameters["at"]))
        how = "newest heartbeat of the old database minus newest restored one"
        bound = "begin of the swap minus the moment restored: an upper bound"
        lost_s = max(0.0, (last_at - since_at).total_seconds())
        context.note("loss", measured_s=round(lost_s, 3), how=how if is_exact else bound)

    def _note_outage(
        self, context: Context, from_at: datetime | None, to_at: datetime, is_exact: bool
    ) -> None:
        if from_at is None:
            context.note("outage", how="the old instance was gone before this run began")
            return
        how = "last heartbeat of the old database to the first of the new one"
        bound = "begin of the swap to the first login through the endpoint"
        down_s = max(0.0, (to_at - from_at).total_seconds())
        context.note("outage", measured_s=round(down_s, 3), how=how if is_exact else bound)


def _database(step: Step) -> str:
    return str(step.parameters["name"])


def _moment(text: Json) -> datetime | None:
    return read_moment(str(text)) if text else None
