"""Every failure seen in production means what it should, and nothing that only looks like it does."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from lifeboat.core.errors import ConfigError, LeaseHeld, Stuck, WorldChanged
from lifeboat.fly.client import errors
from lifeboat.fly.client.errors import CapacityScope, FlyError, Origin
from lifeboat.fly.client.failed_response import Failure, judge, words_of

APP = {"app": "web"}
MACHINE = {"app": "web", "machine": "148e"}
VOLUME = {"app": "web", "volume": "vol_1"}


def failed(
    status: int, error: str, code: str = "", path: dict[str, str] | None = None, operation: str = "x.y"
) -> FlyError:
    """Return what an answer in Fly's form means."""
    said, found = words_of(json.dumps({"error": error, **({"status": code} if code else {})}))
    origin = Origin(operation=operation, status=status, request_id="01J", said=said)
    return judge(
        Failure(status=status, code=found, subject="it", path=path or APP, retry_after_s=None, origin=origin)
    )


KINDS = [
    (409, "aborted: machine update failed due to concurrent update", "", MACHINE, errors.StaleVersion),
    (409, "current_version is no longer the machine's version", "", MACHINE, errors.StaleVersion),
    (409, "aborted: lease is held", "", MACHINE, errors.FlyLeaseHeld),
    (400, "volume not found", "", APP, errors.VolumeGone),
    (400, "invalid_argument: invalid WaitMachineRequest.Timeout: value must be inside range [1s, 1m0s]", "",
     MACHINE, errors.InvalidRequest),
    (422, "Validation failed: Name has already been taken", "name_taken", APP, errors.NameTaken),
    (422, "Validation failed: Name has already been taken", "", APP, errors.NameTaken),
    (422, "nope", "name_taken", APP, errors.NameTaken),
    (422, "Validation failed: Name under 63 chars using numbers, lowercase letters and dashes", "", APP,
     errors.InvalidRequest),
    (404, "not_found: machine not found", "", MACHINE, errors.MachineNotFound),
    (404, "lease not found", "", MACHINE, errors.LeaseNotFound),
    (404, "invalid machine ID, 'X'", "", MACHINE, errors.MachineNotFound),
    (404, "app not found", "", MACHINE, errors.AppNotFound),
    (404, "Could not find App", "", APP, errors.AppNotFound),
    (404, "", "", MACHINE, errors.MachineNotFound),
    (404, "volume not found", "", VOLUME, errors.VolumeNotFound),
    (404, "no such certificate", "", {"app": "web", "hostname": "a.b"}, errors.NotFound),
    (410, "gone", "", MACHINE, errors.MachineNotFound),
    (412, "failed_precondition: machine still active, refusing to start", "", MACHINE, errors.StillActive),
    (412, "machine getting replaced, refusing to start", "", MACHINE, errors.StillActive),
    (412, "machine still attempting to start", "", MACHINE, errors.StillActive),
    (412, "machine not running", "", MACHINE, errors.PreconditionFailed),
    (412, "failed_precondition: volume vol_1 is already attached to machine 9", "", APP, errors.VolumeInUse),
    (412, "machine_version mismatch", "", MACHINE, errors.StaleVersion),
    (401, "Authenticate: token validation error", "", APP, errors.Unauthorized),
    (403, "unauthorized to view this app", "", APP, errors.Forbidden),
    (408, "deadline_exceeded", "", MACHINE, errors.Unavailable),
    (408, "machine failed to reach desired state, started, currently stopped", "", MACHINE,
     errors.WaitTimeout),
    (429, "rate limit exceeded", "", APP, errors.RateLimited),
    (429, "resource_exhausted: rate limit exceeded", "", APP, errors.RateLimited),
    (500, "internal", "", APP, errors.Unavailable),
    (502, "bad gateway", "", APP, errors.Unavailable),
    (503, "unavailable", "", APP, errors.Unavailable),
    (501, "not supported by the local cloud", "", APP, errors.Unsupported),
    (405, "method not allowed", "", APP, errors.InvalidRequest),
    (302, "elsewhere", "", APP, errors.ProtocolError),
]  # fmt: skip


@pytest.mark.parametrize(("status", "error", "code", "path", "kind"), KINDS)
def test_a_failure_is_exactly_of_its_kind(
    status: int, error: str, code: str, path: dict[str, str], kind: type[FlyError]
) -> None:
    assert type(failed(status, error, code, path)) is kind


HOST = CapacityScope.HOST
RESERVE = "aborted: could not reserve resource for machine: insufficient {} available to fulfill request on "
EXISTING = "insufficient resources to create new machine with existing volume 'vol_1'"
CAPACITY = [
    (409, RESERVE.format("CPUs") + "the current host", "", HOST),
    (409, RESERVE.format("memory") + "the current host", "", HOST),
    (409, "aborted: insufficient IPs available to fulfill request", "", HOST),
    (409, "aborted: insufficient resources available to fulfill request: insufficient memory available to "
     "fulfill request", "", HOST),
    (409, "aborted: no capacity", "", CapacityScope.REGION),
    (400, "no capacity", "", CapacityScope.REGION),
    (422, "could not find a candidate host", "insufficient_capacity", CapacityScope.REGION),
    (503, "out of capacity", "insufficient_capacity", CapacityScope.REGION),
    (412, EXISTING,
     "volume_placement_capacity", CapacityScope.VOLUME),
    (412, EXISTING, "", CapacityScope.VOLUME),
    (403, 'organization "O" is using 4096 MB of memory in dfw which is over the allowed quota. please '
     "consider other regions", "", CapacityScope.QUOTA),
    (422, "Your organization has reached its machine limit. Please contact billing@fly.io", "",
     CapacityScope.QUOTA),
]  # fmt: skip


@pytest.mark.parametrize(("status", "error", "code", "scope"), CAPACITY)
def test_lack_of_room_says_how_far_to_go(status: int, error: str, code: str, scope: CapacityScope) -> None:
    found = failed(status, error, code)

    assert isinstance(found, errors.Capacity)
    assert found.scope is scope
    assert found.hint


IMPOSTORS = [
    (422, "uniqueness constraint violated", "", errors.InvalidRequest),
    (503, "retry gave up after: Validation failed: Name has already been taken", "insufficient_capacity",
     errors.Capacity),
    (422, "Validation failed: Name has already been taken", "unknown", errors.InvalidRequest),
    (400, "Validation failed: Name has already been taken", "", errors.InvalidRequest),
    (500, "insufficient CPUs available to fulfill request", "", errors.Unavailable),
    (503, "no capacity", "", errors.Unavailable),
    (429, "no capacity", "", errors.RateLimited),
    (422, "insufficient CPUs available to fulfill request", "unknown", errors.InvalidRequest),
    (422, "unsupported guest cpu kind", "", errors.InvalidRequest),
    (422, "resources must include a valid image", "", errors.InvalidRequest),
    (400, "volume not found in config.mounts[0].path", "", errors.InvalidRequest),
    (401, "Name has already been taken", "", errors.Unauthorized),
    (404, "no capacity", "", errors.AppNotFound),
]  # fmt: skip


@pytest.mark.parametrize(("status", "error", "code", "kind"), IMPOSTORS)
def test_words_in_the_wrong_place_mean_nothing(
    status: int, error: str, code: str, kind: type[FlyError]
) -> None:
    assert type(failed(status, error, code)) is kind


def test_a_conflict_of_an_app_is_no_stale_machine() -> None:
    assert type(failed(409, "idempotency key used with another name")) is errors.InvalidRequest


def test_a_held_lease_names_its_owner_and_its_end() -> None:
    text = (
        "aborted: machine ID 148e lease currently held by ann@tokens.fly.io, expires at 2026-09-01T12:00:13Z"
    )

    found = failed(409, text, path=MACHINE)

    assert isinstance(found, errors.FlyLeaseHeld)
    assert found.owner == "ann@tokens.fly.io"
    assert found.expires_at == datetime(2026, 9, 1, 12, 0, 13, tzinfo=UTC)


def test_a_held_lease_is_recognised_with_any_moment() -> None:
    text = "machine ID 148e lease currently held by a@b, expires at {}"

    digits = failed(409, text.format("2026-09-01T14:00:13.123456789+02:00"), path=MACHINE)
    nonsense = failed(409, text.format("soon"), path=MACHINE)

    assert isinstance(digits, errors.FlyLeaseHeld)
    assert digits.expires_at == datetime(2026, 9, 1, 12, 0, 13, 123456, tzinfo=UTC)
    assert isinstance(nonsense, errors.FlyLeaseHeld)
    assert nonsense.expires_at is None


def test_a_taken_machine_name_gives_the_machine_to_adopt() -> None:
    text = 'already_exists: unique machine name violation, machine ID {} already exists with name "web-1"'

    found = failed(409, text.format("d8d9"), path=APP)
    vague = failed(409, "already_exists: unique machine name violation, ...", path=APP)

    assert isinstance(found, errors.MachineNameTaken)
    assert found.machine_id == "d8d9"
    assert isinstance(vague, errors.MachineNameTaken)
    assert vague.machine_id == ""


def test_an_error_says_what_where_and_under_which_request() -> None:
    found = failed(404, "not_found: machine not found", path=MACHINE, operation="machines.get")

    assert str(found) == "it: not_found: machine not found (machines.get 404 request 01J)"
    assert (found.status, found.request_id, found.operation) == (404, "01J", "machines.get")
    assert found.said == "not_found: machine not found"


def test_an_error_has_the_exit_code_of_its_branch() -> None:
    assert isinstance(failed(401, ""), ConfigError)
    assert isinstance(failed(409, "x", path=MACHINE), WorldChanged)
    assert isinstance(failed(409, "lease", path=MACHINE), LeaseHeld)
    assert failed(409, "lease", path=MACHINE).exit_code == LeaseHeld.exit_code
    assert errors.UnknownOutcome("x").exit_code == Stuck.exit_code


def test_every_error_has_one_root() -> None:
    kinds = [getattr(errors, name) for name in errors.__all__]
    raised = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Exception)]

    assert len(raised) > 25
    assert all(issubclass(kind, FlyError) for kind in raised)


def test_the_words_are_the_message_before_the_error() -> None:
    assert words_of('{"error":"a","message":"b","status":"unknown"}') == ("b", "unknown")
    assert words_of('{"error":"a","message":""}') == ("a", "")
    assert words_of("<html>bad gateway</html>") == ("<html>bad gateway</html>", "")
    assert words_of('["a"]') == ('["a"]', "")
    assert words_of('{"error":{"deep":1},"status":7}') == ('{"deep": 1}', "")
    assert words_of("") == ("", "")
    assert words_of("[" * 100_000)[1] == ""


def test_words_are_one_short_line() -> None:
    said, _ = words_of(json.dumps({"error": "a\n\x1b[31mb" + "c" * 2000}))

    assert said.startswith("a [31mbc")
    assert len(said) < 600
