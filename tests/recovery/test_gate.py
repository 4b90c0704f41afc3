"""The gate counts what changes something and nothing else; otherwise its boundaries would be none."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from tests.recovery.boundaries import ALL, boundaries_of
from tests.recovery.gate import When
from tests.recovery.gate_reading import Asked, read_request


def asked(method: str, path: str, service: str, body: bytes = b"", **headers: str) -> Asked | None:
    scope = f"AWS4-HMAC-SHA256 Credential=local/20261122/us-west-2/{service}/aws4_request, SignedHeaders=x"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_request(method, path, {"authorization": scope, **named}, body)


def rds(action: str, **given: str) -> Asked | None:
    return asked("POST", "/", "rds", urlencode({"Action": action, **given}).encode())


@pytest.mark.parametrize("action", ["DescribeDBInstances", "ListTagsForResource"])
def test_reads_pass_uncounted(action: str) -> None:
    assert rds(action) is None
    assert asked("GET", "/bucket/key", "s3") is None
    assert asked("POST", "/", "secretsmanager", b"{}", x_amz_target="secretsmanager.GetSecretValue") is None


def test_what_changes_something_is_named_after_it() -> None:
    made = rds("CreateDBSnapshot", DBSnapshotIdentifier="one", DBInstanceIdentifier="main")
    assert made is not None
    assert (made.name, made.creates) == ("rds CreateDBSnapshot one", True)
    assert made.parameters["DBInstanceIdentifier"] == "main"
    changed = rds("ModifyDBInstance", DBInstanceIdentifier="main")
    assert changed is not None
    assert (changed.name, changed.creates) == ("rds ModifyDBInstance main", False)
    for method in ("PUT", "DELETE"):
        written = asked(method, "/bucket/key", "s3", b"body")
        assert written is not None
        assert written.name == f"s3 {method} bucket/key"
    put = asked("POST", "/", "secretsmanager", b"{}", x_amz_target="secretsmanager.PutSecretValue")
    assert put is not None


@pytest.mark.parametrize(
    ("beats", "hold", "is_counted"),
    [(0, "held", True), (3, "held", False), (4, "free", True), (4, "parked", True)],
)
def test_of_a_lease_only_the_sign_of_life_passes_uncounted(beats: int, hold: str, is_counted: bool) -> None:
    body = json.dumps({"beats": beats, "hold": hold}).encode()
    assert (asked("PUT", "/bucket/lifeboat/leases/production.json", "s3", body) is not None) is is_counted


def test_all_is_before_and_after_each_and_a_spread_has_both_ends_in_view() -> None:
    names = [f"change {number}" for number in range(1, 21)]
    every = boundaries_of(names, ALL)
    assert len({(one.strike.at, one.strike.when) for one in every}) == 40
    few = boundaries_of(names, "4")
    assert [one.strike.at for one in few] == [3, 8, 13, 18]
    assert [one.strike.when for one in few] == [When.BEFORE, When.AFTER, When.BEFORE, When.AFTER]
    assert len(boundaries_of(names[:1], "4")) == 2
