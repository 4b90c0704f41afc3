"""What the engine relies on, asked of the fake in memory and of S3 on the local cloud alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from lifeboat.core.clock import SystemClock
from scripts.actions.object_store import CLIENT_CONFIG, S3ObjectStore
from scripts.engine.objects import ObjectStore, StoreUnavailable, WriteConflict
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.recovery.memory_store import MemoryStore
from tests.recovery.s3_stores import BUCKET, REGION, open_store, s3_store


@pytest.fixture(params=["memory", "s3"])
def store(request: pytest.FixtureRequest) -> Iterator[ObjectStore]:
    if request.param == "memory":
        yield MemoryStore(SystemClock())
    else:
        yield s3_store(request.getfixturevalue("aws"))


def test_what_was_written_is_read(store: ObjectStore) -> None:
    etag = store.put_if_absent("runs/a", b"one")
    found = store.get("runs/a")
    assert found is not None
    assert (found.key, found.body, found.etag) == ("runs/a", b"one", etag)
    assert 0 <= found.age_s < 60
    assert found.written_at.tzinfo is not None


def test_what_is_not_there_is_none(store: ObjectStore) -> None:
    assert store.get("runs/a") is None
    assert store.keys("runs/") == ()


def test_what_exists_is_not_written_again(store: ObjectStore) -> None:
    store.put_if_absent("k", b"one")
    with pytest.raises(WriteConflict):
        store.put_if_absent("k", b"two")
    found = store.get("k")
    assert found is not None
    assert found.body == b"one"


def test_ones_own_bytes_are_ones_own_write(store: ObjectStore) -> None:
    etag = store.put_if_absent("k", b"one")
    assert store.put_if_absent("k", b"one") == etag
    assert store.put_if_match("k", b"one", '"another"') == etag


def test_only_the_version_that_was_seen_is_overwritten(store: ObjectStore) -> None:
    first = store.put_if_absent("k", b"one")
    second = store.put_if_match("k", b"two", first)
    assert second != first
    with pytest.raises(WriteConflict):
        store.put_if_match("k", b"three", first)
    store.put_if_match("k", b"three", second)


def test_what_is_gone_cannot_be_overwritten(store: ObjectStore) -> None:
    with pytest.raises(WriteConflict):
        store.put_if_match("k", b"one", '"any"')


def test_keys_are_sorted_and_below_the_prefix(store: ObjectStore) -> None:
    for key in ("runs/b/2", "runs/b/10", "runs/a", "other/x"):
        store.put_if_absent(key, key.encode())
    assert store.keys("runs/") == ("runs/a", "runs/b/10", "runs/b/2")
    assert store.keys("runs/b/") == ("runs/b/10", "runs/b/2")


@pytest.mark.parametrize("first", ["absent", "match"])
def test_of_simultaneous_writers_exactly_one_wins(store: ObjectStore, first: str) -> None:
    etag = store.put_if_absent("k", b"seen by all") if first == "match" else ""
    barrier = threading.Barrier(6)
    won: list[bytes] = []

    def write(body: bytes) -> None:
        barrier.wait()
        try:
            store.put_if_match("k", body, etag) if etag else store.put_if_absent("k", body)
        except WriteConflict:
            return
        won.append(body)

    threads = [threading.Thread(target=write, args=(f"writer {n}".encode(),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = store.get("k")
    assert found is not None
    assert won == [found.body]


def fault(aws: CloudProcess, kind: str, action: str, times: int = 1, **more: object) -> None:
    body = {"kind": kind, "service": "s3", "region": REGION, "action": action, "times": times, **more}
    aws.admin("POST", "faults", body)


@pytest.mark.parametrize("method", ["put_if_absent", "put_if_match"])
def test_a_write_whose_answer_was_lost_is_found_to_be_ours(aws: CloudProcess, method: str) -> None:
    store = s3_store(aws)
    etag = store.put_if_absent("k", b"before") if method == "put_if_match" else ""
    fault(aws, "timeout_after_write", "PutObject", delay_s=0)
    written = store.put_if_match("k", b"mine", etag) if etag else store.put_if_absent("k", b"mine")
    found = store.get("k")
    assert found is not None
    assert (found.body, found.etag) == (b"mine", written)


@pytest.mark.parametrize("kind", ["drop", "error"])
def test_a_write_that_never_arrived_is_written_again(aws: CloudProcess, kind: str) -> None:
    store = s3_store(aws)
    fault(aws, kind, "PutObject", times=2)
    store.put_if_absent("k", b"mine")
    found = store.get("k")
    assert found is not None
    assert found.body == b"mine"


def test_somebody_elses_write_is_not_taken_for_ours_after_a_lost_answer(aws: CloudProcess) -> None:
    store = s3_store(aws)
    store.put_if_absent("k", b"theirs")
    fault(aws, "drop", "PutObject")
    with pytest.raises(WriteConflict):
        store.put_if_absent("k", b"mine")


def test_reading_outlasts_a_short_fault(aws: CloudProcess) -> None:
    store = s3_store(aws)
    store.put_if_absent("k", b"mine")
    fault(aws, "error", "*", times=2)
    assert store.get("k") is not None
    fault(aws, "drop", "*", times=2)
    assert store.keys("") == ("k",)


def test_a_bucket_that_is_not_there_or_not_ours_is_unavailable_at_once(aws: CloudProcess) -> None:
    with pytest.raises(StoreUnavailable, match="NoSuchBucket"):
        open_store(aws).get("k")
    store = s3_store(aws)
    fault(aws, "error", "*", times=9, status=403, code="AccessDenied")
    with pytest.raises(StoreUnavailable, match=r"s3://paintbox.*/lifeboat/k: AccessDenied") as caught:
        store.put_if_absent("k", b"mine")
    assert caught.value.exit_code == 3
    assert caught.value.hint


def test_ages_are_those_of_the_clouds_own_clock(aws: CloudProcess) -> None:
    """A laptop whose clock is hours off still sees how old a lease is."""
    store = s3_store(aws)
    store.put_if_absent("k", b"mine")
    aws.advance(3600)
    found = store.get("k")
    assert found is not None
    assert 3590 < found.age_s < 3660


def test_a_listing_of_several_pages_is_read_to_its_end(aws: CloudProcess) -> None:
    s3_store(aws)
    client = aws.new_client("s3", REGION, CLIENT_CONFIG)
    client.meta.events.register(
        "provide-client-params.s3.ListObjectsV2", lambda params, **_: {**params, "MaxKeys": 2}
    )
    store = S3ObjectStore(client, BUCKET, "lifeboat/")
    for number in range(5):
        store.put_if_absent(f"n/{number}", b"x%d" % number)
    assert len(store.keys("n/")) == 5
