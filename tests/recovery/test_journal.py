"""The journal: what may follow what, a chain that proves itself, a local copy that repairs itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lifeboat.core.clock import ManualClock
from lifeboat.core.errors import LeaseHeld, Stuck
from scripts.engine.event import Event, EventKind, parse_event
from scripts.engine.journal import Journal
from scripts.engine.journal_reading import merge, prove, read_journal, read_objects
from scripts.engine.journal_rules import IllegalEvent
from scripts.engine.lease import LeaseRequest, acquire
from scripts.engine.local_copy import LocalCopy
from scripts.engine.objects import Stored
from scripts.engine.places import event_key
from tests.recovery.memory_store import MemoryStore
from tests.recovery.operators import Site
from tests.recovery.plans import MADE_AT, a_plan
from tests.recovery.toy_world import toy_steps

PLAN = a_plan(*toy_steps())


def a_finished_site(directory: Path) -> Site:
    site = Site(directory)
    site.operator().run(PLAN)
    return site


def overwrite(site: Site, sequence: int, body: bytes) -> None:
    key = event_key(site.run_id, sequence)
    site.store.objects[key] = Stored(
        key=key, body=body, etag="x", written_at=site.clock.now(), read_at=site.clock.now()
    )


def test_any_changed_field_of_any_event_is_found(tmp_path: Path) -> None:
    site = a_finished_site(tmp_path)
    count = len(read_objects(site.store, site.run_id))
    for sequence in range(1, count + 1):
        original = site.store.objects[event_key(site.run_id, sequence)].body
        document = json.loads(original)
        for field in document:
            changed = {**document, field: 7 if field != "sequence" else 999}
            overwrite(site, sequence, json.dumps(changed, sort_keys=True, separators=(",", ":")).encode())
            with pytest.raises(Stuck):
                read_journal(site.store, site.run_id)
        overwrite(site, sequence, original)
    read_journal(site.store, site.run_id)


def test_a_forged_event_with_a_right_hash_of_its_own_breaks_the_chain(tmp_path: Path) -> None:
    site = a_finished_site(tmp_path)
    event = read_objects(site.store, site.run_id)[2]
    document = {**json.loads(event.to_bytes()), "actor": "mallory"}
    document.pop("hash")
    forged = Event(**{**document, "at": event.at, "kind": event.kind})
    overwrite(site, 3, forged.to_bytes())
    with pytest.raises(Stuck, match="does not name the hash of the one before"):
        read_journal(site.store, site.run_id)


def test_a_missing_event_an_exchanged_one_and_one_of_another_run_are_found(tmp_path: Path) -> None:
    site = a_finished_site(tmp_path)
    bodies = {n: site.store.objects[event_key(site.run_id, n)].body for n in (3, 4)}
    overwrite(site, 3, bodies[4])
    with pytest.raises(Stuck, match="holds event 4"):
        read_journal(site.store, site.run_id)
    del site.store.objects[event_key(site.run_id, 3)]
    with pytest.raises(Stuck, match="have a gap"):
        read_journal(site.store, site.run_id)
    overwrite(site, 3, bodies[3])
    events, _ = read_journal(site.store, site.run_id)
    with pytest.raises(Stuck, match="is one of"):
        prove("run-other", events)


def test_a_damaged_journal_is_never_resumed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.hidden.add("make-copy")
    with pytest.raises(Stuck):
        site.operator().run(PLAN)
    overwrite(site, 3, b"{}")
    site.world.hidden.clear()
    with pytest.raises(Stuck, match="damaged"):
        site.operator("bob").resume()
    assert site.world.calls == {}


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b'{"hash":1}', b"\xff"])
def test_bytes_that_are_no_event_are_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_event(body)


def local_of(site: Site, name: str = "alice") -> LocalCopy:
    return LocalCopy(site.directory / name, site.run_id)


def test_the_local_copy_is_the_journal_line_by_line(tmp_path: Path) -> None:
    site = a_finished_site(tmp_path)
    assert local_of(site).read() == read_objects(site.store, site.run_id)


def test_every_torn_last_line_is_repaired(tmp_path: Path) -> None:
    site = a_finished_site(tmp_path)
    local = local_of(site)
    whole = local.path.read_bytes()
    start = whole.rstrip(b"\n").rfind(b"\n") + 1
    for length in range(start + 1, len(whole)):
        local.path.write_bytes(whole[:length])
        assert len(local.read()) == whole.count(b"\n") - 1
        assert local.path.read_bytes() == whole[:start]
    local.path.write_bytes(whole)
    assert len(local.read()) == whole.count(b"\n")


def test_a_damaged_line_in_the_middle_is_for_a_human(tmp_path: Path) -> None:
    site = a_finished_site(tmp_path)
    local = local_of(site)
    local.path.write_bytes(local.path.read_bytes().replace(b'"actor":"alice', b'"actor":"mallo', 1))
    with pytest.raises(Stuck, match="line 1 is damaged") as caught:
        read_journal(site.store, site.run_id, local)
    assert "copy" in caught.value.hint


def test_a_local_copy_of_other_events_is_for_a_human(tmp_path: Path) -> None:
    site, other = a_finished_site(tmp_path / "a"), a_finished_site(tmp_path / "b")
    with pytest.raises(Stuck, match="event 1 in the store and in the local copy differ"):
        merge(site.run_id, read_objects(site.store, site.run_id), local_of(other).read())


def test_events_the_store_lost_come_back_from_the_local_copy(tmp_path: Path) -> None:
    """A store restored from a lagging replica lacks the newest events; who has them puts them back."""
    site = Site(tmp_path)
    site.world.hidden.add("make-copy")
    with pytest.raises(Stuck):
        site.operator().run(PLAN)
    full = read_objects(site.store, site.run_id)
    for sequence in range(5, len(full) + 1):
        del site.store.objects[event_key(site.run_id, sequence)]
    site.world.hidden.clear()
    assert site.operator("alice").resume().outcome == "done"
    assert read_objects(site.store, site.run_id)[: len(full)] == full


def test_an_open_journal_refuses_what_is_illegal_and_writes_nothing(tmp_path: Path) -> None:
    clock = ManualClock(MADE_AT)
    store = MemoryStore(clock)
    lease = acquire(store, LeaseRequest(environment="production", run_id="run-a", holder="alice"))
    journal = Journal(store, lease, LocalCopy(tmp_path, "run-a"), clock, lambda _event: None)
    with pytest.raises(IllegalEvent):
        journal.append(EventKind.STEP_INTENDED, "one")
    assert read_objects(store, "run-a") == ()
    acquire(store, LeaseRequest(environment="production", run_id="run-b", holder="bob", take_over="run-a"))
    with pytest.raises(LeaseHeld):
        journal.append(EventKind.RUN_BEGAN, steps=("one",), plan_digest="d")
    assert read_objects(store, "run-a") == ()
