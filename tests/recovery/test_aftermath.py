"""After the swap: replica, replicated backups and the Pulumi state go along, whoever dies in between."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lifeboat.core.errors import Stuck, Unverified
from scripts.actions.database_names import EXPIRES_TAG, RUN_TAG
from scripts.observe.stack_preview import PreviewedChange
from scripts.observe.stack_state import StackState
from scripts.plans.reconcile import INSTANCE, dangers
from tests.builders import HOME, OTHER
from tests.recovery.fake_rds import backups_arn
from tests.recovery.memory_store import Killed, Killer
from tests.recovery.restore_in_memory import NAME, REPLICA, MemorySite

FOLLOWED = {"database": "db-2", "replica": "away-db-2", "backups": backups_arn("db-2")}
AWAY_ONCE = {"replica": 1, "tag": 1, "rename away-db-1": 1, "rename away-db-2": 1, "replicate": 1}


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory that is forced to no disk: hundreds of runs are."""
    memory = Path("/dev/shm")  # noqa: S108  # memory where there is some, the usual place elsewhere
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


def site_at(directory: Path) -> MemorySite:
    return MemorySite(directory, has_replica=True)


@pytest.mark.fault("F57")
@pytest.mark.fault("F31")
def test_a_new_replica_takes_the_place_and_the_state_follows_all_three(directory: Path) -> None:
    site = site_at(directory)
    assert site.run(Killer()).outcome == "done"
    replica = site.away.named(REPLICA)
    assert replica["DbiResourceId"] == "away-db-2"
    assert replica["Source"] == site.contract.databases[HOME].arn
    assert replica["DeletionProtection"] is True
    old = site.away.instances["away-db-1"]
    assert "-before-" in old["DBInstanceIdentifier"]
    assert EXPIRES_TAG in {tag["Key"] for tag in old["TagList"]}
    assert site.stack.followed == FOLLOWED
    assert len(site.stack.refreshed) == 3
    assert site.stack.writes == 1


def test_a_second_restore_without_an_update_between_takes_all_three_along_again(directory: Path) -> None:
    """The contract still names what the first one replaced."""
    site = site_at(directory)
    site.run(Killer())
    site.clock.advance(timedelta(seconds=90))
    site.plan = site.make_plan("latest")
    assert site.run(Killer()).outcome == "done"
    assert site.stack.followed == {
        "database": "db-3",
        "replica": "away-db-3",
        "backups": backups_arn("db-3"),
    }


def test_killed_anywhere_in_the_aftermath_nothing_is_made_twice(directory: Path) -> None:
    killer = Killer()
    site_at(directory / "count").run(killer)
    first = killer.names.index("after snapshot") + 1
    assert len(killer.names) - first > 80
    for moment in range(first, len(killer.names) + 1):
        site, name = site_at(directory / str(moment)), killer.names[moment - 1]
        with pytest.raises(Killed):
            site.run(Killer(at=moment))
        assert site.come_back().outcome == "done", name
        assert site.stack.followed == FOLLOWED, name
        assert site.away.named(REPLICA)["DbiResourceId"] == "away-db-2", name
        assert len(site.away.instances) == 2, name
        calls = {call: count for call, count in site.away.calls.items() if call != "modify"}
        assert calls == AWAY_ONCE, name


def test_an_abort_after_everything_gives_all_places_back(directory: Path) -> None:
    killer = Killer()
    site_at(directory / "count").run(killer)
    written = killer.names.index("after write of the state") + 1
    site = site_at(directory / "aborted")
    with pytest.raises(Killed):
        site.run(Killer(at=written))
    assert site.abort(Killer()).outcome == "undone"
    assert site.stack.followed == {"database": "db-1", "replica": "away-db-1", "backups": backups_arn("db-1")}
    assert site.away.named(REPLICA)["DbiResourceId"] == "away-db-1"
    assert site.world.named(NAME)["DbiResourceId"] == "db-1"
    assert site.away.copies == {"db-1"}
    made = {tag["Key"] for tag in site.away.instances["away-db-2"]["TagList"]}
    assert {RUN_TAG, EXPIRES_TAG} <= made


@pytest.mark.fault("F31")
def test_a_run_whose_next_update_would_lose_data_is_not_called_done(directory: Path) -> None:
    site = site_at(directory)
    site.stack.changes = (PreviewedChange(operation="replace", type=INSTANCE, name="database-us-west-1"),)
    with pytest.raises(Unverified, match="the next `pulumi up` would replace database-us-west-1"):
        site.run(Killer())
    assert site.world.named(NAME)["DbiResourceId"] == "db-2", "the product goes on with what was restored"
    site.stack.changes = ()
    assert site.come_back().outcome == "done"


def test_what_fails_after_the_swap_takes_nothing_back_by_itself(directory: Path) -> None:
    site = site_at(directory)
    site.away.refuses.add("replica")
    with pytest.raises(Stuck, match="and step new-in-place is done"):
        site.run(Killer())
    assert site.world.named(NAME)["DbiResourceId"] == "db-2"
    site.away.refuses.clear()
    assert site.come_back().outcome == "done"
    assert site.stack.followed == FOLLOWED


def test_a_replica_whose_region_is_gone_is_left_for_later(directory: Path) -> None:
    site = site_at(directory)
    site.away.unreachable = True
    site.plan = site.make_plan()
    assert not [step.id for step in site.plan.steps if step.id.startswith(f"replica-{OTHER}")]
    assert any(note.startswith(f"{OTHER} cannot be reached") for note in site.plan.notes)


def test_only_what_loses_or_turns_data_is_a_danger() -> None:
    def change(operation: str, *properties: str, type_: str = INSTANCE) -> PreviewedChange:
        return PreviewedChange(operation=operation, type=type_, name="it", properties=properties)

    harmless = (
        change("update", "tags"),
        change("update", "content", type_="aws:s3/bucketObjectv2:BucketObjectv2"),
        change("replace", type_="aws:iam/rolePolicy:RolePolicy"),
        change("create", type_="aws:s3/bucket:Bucket"),
    )
    assert dangers(harmless) == ()
    for operation in ("delete", "replace", "create-replacement", "delete-replaced", "create"):
        assert dangers([*harmless, change(operation)]) == (
            f"the next `pulumi up` would {operation} it"
            + (", which the state does not follow" if operation == "create" else ""),
        )
    assert dangers([change("update", "identifier", "tags")]) == (
        "the next `pulumi up` would change identifier of it",
    )


def test_a_state_that_follows_others_differs_in_nothing_else() -> None:
    before = {
        "version": 3,
        "deployment": {
            "secrets_providers": {"state": {"salt": "v1:x"}},
            "resources": [
                {"urn": "a", "id": "old", "outputs": {"resourceId": "old", "port": 1}, "protect": True},
                {"urn": "b", "id": "other", "inputs": {"x": "old"}, "outputs": {"x": "old"}},
                {"urn": "c"},
            ],
        },
    }
    state = StackState(document=before)
    after = state.following({"old": "new"})
    assert after.followers("new") == ("a",)
    assert state.followers("old") == ("a",), "the one before is as it was"
    assert after.following({"new": "old"}) == state
    resources = after.document["deployment"]["resources"]
    assert resources[0]["outputs"] == {"resourceId": "new", "port": 1}
    assert resources[1:] == before["deployment"]["resources"][1:]  # type: ignore[index]  # a plain dictionary
