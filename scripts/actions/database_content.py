"""Step kind: looks into the restored database before anybody depends on it, and beside it into its source.

Recency is no proof: the restored one must not hold a heartbeat later than the moment restored, must hold
those the source has from before it, and must not have extensions or sequences that make it unusable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from lifeboat.core.errors import LifeboatError
from scripts.actions.database_hands import Hands
from scripts.actions.database_sessions import Contents
from scripts.engine.changes_nothing import ChangesNothing
from scripts.engine.context import Context
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.moments import read_moment, write_moment
from scripts.engine.step import Step
from scripts.engine.verification import Verification

# A row's own time is that of its transaction's begin; what began this long before the moment was committed.
_COMMITTED = timedelta(seconds=2)
_LEVEL = 3


class LookInside(ChangesNothing):
    """Reads the restored database and compares it with its source, when that can be reached."""

    name = "database-content"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def act(self, step: Step, context: Context) -> Mapping[str, Json]:
        """Read what later steps measure against."""
        return _facts(self._restored(step, context))

    def verify(self, step: Step, context: Context) -> Verification:
        """Compare."""
        at = read_moment(str(step.parameters["at"]))
        restored = self._restored(step, context)
        source, why = self._source(step, at - _COMMITTED)
        findings = [*_alone(restored, _not_after(step)), *(_beside(restored, source) if source else ())]
        facts: dict[str, Json] = {**_facts(restored), "compared_with_source": not why, "why_not": why}
        if source:
            others = tuple(_other_extensions(restored, source))
            findings += others if step.parameters["same_extensions"] else ()
            facts["other_extensions"] = others
            facts["roles_only_in_source"] = sorted(source.roles - restored.roles)
        return Verification(findings=tuple(findings), level=_LEVEL, facts=facts)

    def _restored(self, step: Step, context: Context) -> Contents:
        login = self._hands.reader(step.parameters, self._hands.restored(step, context))
        return self._hands.sessions.contents(login, str(step.parameters["name"]))

    def _source(self, step: Step, until: datetime) -> tuple[Contents | None, str]:
        resource_id = str(step.parameters["source"])
        if not resource_id:
            return None, "the source is gone"
        try:
            instance = self._hands.instance(str(step.parameters["region"]), resource_id)
            login = self._hands.reader(step.parameters, instance)
            return self._hands.sessions.contents(login, str(step.parameters["name"]), until=until), ""
        except LifeboatError as error:
            # The source is often what is broken: that it cannot be read is a fact, not a finding.
            return None, error.message


def _not_after(step: Step) -> datetime | None:
    text = str(step.parameters["not_after"])
    return read_moment(text) if text else None


def _alone(restored: Contents, not_after: datetime | None) -> Iterator[str]:
    if restored.is_recovering:
        yield "the restored database still replays and takes no writes"
    if not_after and restored.newest_beat_at and restored.newest_beat_at > not_after:
        newest = write_moment(restored.newest_beat_at)
        yield f"it holds a heartbeat of {newest}, later than the moment restored"
    for name in restored.behind:
        yield f"sequence {name} would give out a number that is taken already"


def _beside(restored: Contents, source: Contents) -> Iterator[str]:
    wanted_at, newest_at = source.newest_beat_at, restored.newest_beat_at
    if wanted_at and (newest_at is None or newest_at < wanted_at):
        found = write_moment(newest_at) if newest_at else "none"
        yield f"the source has a heartbeat of {write_moment(wanted_at)}, and the newest restored is {found}"


def _other_extensions(restored: Contents, source: Contents) -> Iterator[str]:
    for name, version in sorted(source.extensions.items()):
        if restored.extensions.get(name) != version:
            there = restored.extensions.get(name, "missing")
            yield f"extension {name} is {there} and is {version} in the source"


def _facts(contents: Contents) -> JsonObject:
    return {
        "newest_beat_at": write_moment(contents.newest_beat_at) if contents.newest_beat_at else None,
        "extensions": dict(sorted(contents.extensions.items())),
        "roles": sorted(contents.roles),
        "sequences_not_read": list(contents.unread),
    }
