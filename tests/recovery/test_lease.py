"""One run at a time: a second one is told who holds the environment; a fenced one does no further harm."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from lifeboat.core.clock import ManualClock, SystemClock
from lifeboat.core.errors import LeaseHeld, Stuck
from scripts.engine.heartbeat import Heartbeat
from scripts.engine.lease import EXPIRED, Lease, LeaseLost, LeaseRequest, acquire
from scripts.engine.lease_record import Hold, see_lease
from scripts.engine.objects import StoreUnavailable
from tests.recovery.memory_store import MemoryStore, Outage
from tests.recovery.plans import MADE_AT, a_plan
from tests.recovery.toy_world import toy_steps
from tests.waiting import soon

PLAN = a_plan(*toy_steps())


def a_request(run_id: str = "run-a", **changes: object) -> LeaseRequest:
    request = LeaseRequest(environment="production", run_id=run_id, holder=f"{run_id}@host pid 1")
    return replace(request, **changes)  # type: ignore[arg-type]  # fields by name


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MADE_AT)


@pytest.fixture
def store(clock: ManualClock) -> MemoryStore:
    return MemoryStore(clock)


def test_a_second_run_gets_7_with_holder_run_and_age(store: MemoryStore, clock: ManualClock) -> None:
    acquire(store, a_request())
    clock.sleep(14)
    with pytest.raises(LeaseHeld) as caught:
        acquire(store, a_request("run-b"))
    assert caught.value.exit_code == 7
    assert caught.value.message == (
        "environment production is held by run run-a (run-a@host pid 1), last sign of life 14s ago, alive"
    )
    assert "run show run-a" in caught.value.hint


def test_two_environments_do_not_meet(store: MemoryStore) -> None:
    acquire(store, a_request())
    assert acquire(store, a_request("run-b", environment="staging")).record.token == 1


def test_tokens_only_grow_also_after_a_release(store: MemoryStore) -> None:
    tokens = []
    for _ in range(4):
        lease = acquire(store, a_request())
        tokens.append(lease.record.token)
        lease.release()
    assert tokens == [1, 2, 3, 4]


@pytest.mark.fault("F46")
@pytest.mark.parametrize(
    ("age_s", "take_over", "is_taken"),
    [
        (10, "", False),
        (10, EXPIRED, False),
        (10, "run-c", False),
        (10, "run-a", True),
        (61, "", False),
        (61, "run-c", False),
        (61, EXPIRED, True),
        (61, "run-a", True),
    ],
)
def test_taking_over_is_always_said(
    store: MemoryStore, clock: ManualClock, age_s: float, take_over: str, is_taken: bool
) -> None:
    acquire(store, a_request())
    clock.sleep(age_s)
    if is_taken:
        lease = acquire(store, a_request("run-b", take_over=take_over))
        assert (lease.record.token, lease.taken_from) == (2, "run-a")
    else:
        with pytest.raises(LeaseHeld):
            acquire(store, a_request("run-b", take_over=take_over))


def test_the_same_run_waits_for_its_own_other_process(store: MemoryStore, clock: ManualClock) -> None:
    acquire(store, a_request())
    with pytest.raises(LeaseHeld, match="alive"):
        acquire(store, a_request())
    clock.sleep(61)
    assert acquire(store, a_request()).record.token == 2


def test_a_parked_lease_waits_for_its_run(store: MemoryStore, clock: ManualClock) -> None:
    acquire(store, a_request()).release(Hold.PARKED)
    clock.sleep(9999)
    for take_over in ("", EXPIRED):
        with pytest.raises(LeaseHeld, match="which stopped unfinished 2h46m ago") as caught:
            acquire(store, a_request("run-b", take_over=take_over))
        assert "run resume run-a" in caught.value.hint
    assert acquire(store, a_request()).record.token == 2


def test_signs_of_life_keep_it_alive(store: MemoryStore, clock: ManualClock) -> None:
    lease = acquire(store, a_request())
    for _ in range(5):
        clock.sleep(40)
        lease.renew()
    with pytest.raises(LeaseHeld, match="alive"):
        acquire(store, a_request("run-b", take_over=EXPIRED))


def test_whoever_lost_it_can_neither_check_nor_renew_nor_release(
    store: MemoryStore, clock: ManualClock
) -> None:
    lease = acquire(store, a_request())
    winner = acquire(store, a_request("run-b", take_over="run-a"))
    for call in (lease.check, lease.renew, lease.release):
        with pytest.raises(LeaseLost, match=r"run run-a no longer holds .* run run-b"):
            call()
    winner.check()


def test_a_renewal_whose_answer_was_lost_is_still_ours(store: MemoryStore) -> None:
    """The write arrived, the writer died over the answer; its next write finds its own object."""
    lease = acquire(store, a_request())
    twin = Lease(store, lease.record, "stale etag", "")
    lease.renew()
    twin.renew()
    twin.check()


def test_of_many_who_want_it_at_once_exactly_one_gets_it(store: MemoryStore) -> None:
    barrier = threading.Barrier(8)
    won: list[str] = []
    lost: list[str] = []

    def want(name: str) -> None:
        barrier.wait()
        try:
            won.append(acquire(store, a_request(name)).record.run_id)
        except LeaseHeld:
            lost.append(name)

    threads = [threading.Thread(target=want, args=(f"run-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 7)


def test_what_is_no_lease_is_not_overwritten(store: MemoryStore) -> None:
    store.put_if_absent("leases/production.json", b'{"token": 0}')
    with pytest.raises(Stuck, match="not a lease"):
        acquire(store, a_request())


def test_the_heart_beats_until_the_block_ends_and_through_an_outage() -> None:
    store = MemoryStore(SystemClock())
    outage = Outage(store, 99)
    lease = acquire(outage, a_request())

    def beats() -> int:
        seen = see_lease(store, "production")
        assert seen is not None
        return seen.record.beats

    with Heartbeat(lease, 0.01):
        assert soon(lambda: beats() > 2)
        outage.writes_left = 0
        with pytest.raises(StoreUnavailable):
            lease.check()
        before = beats()
        outage.writes_left = 10_000
        assert soon(lambda: beats() > before)
    after = beats()
    assert not soon(lambda: beats() > after, within_s=0.1)
