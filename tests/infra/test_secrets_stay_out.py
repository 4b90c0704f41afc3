"""No secret value reaches the engine, but for the throw-away password a new database is born with."""

from __future__ import annotations

import pytest

from infra.__main__ import main
from tests.infra.environments import EACH, ROOT, recorded
from tests.infra.recording import Recording, record
from tests.infra.wire import Marked, leaves

CANARY = "canary-4e1d-do-not-sing"
PRODUCTION = "production"


def secrets_in(recording: Recording) -> dict[tuple[str, str], str]:
    """Return every marked secret among the inputs, by resource and path."""
    return {
        (one.name, path): str(leaf.value)
        for one in recording.registrations
        for path, leaf in leaves(one.inputs)
        if isinstance(leaf, Marked)
    }


def everything_said(recording: Recording) -> str:
    return repr((recording.registrations, recording.outputs, recording.calls))


@pytest.mark.parametrize("environment", EACH)
def test_the_only_secret_is_the_password_of_a_new_primary(environment: str) -> None:
    recording = recorded(environment)
    primaries = {
        one.name for one in recording.of("rds/instance:Instance") if "replicateSourceDb" not in one.inputs
    }
    assert set(secrets_in(recording)) == {(name, "password") for name in primaries}


@pytest.mark.parametrize("environment", EACH)
def test_a_password_is_never_in_clear(environment: str) -> None:
    recording = recorded(environment)
    in_clear = [
        (one.name, path)
        for one in recording.registrations
        for path, leaf in leaves(one.inputs)
        if "password" in path.rpartition(".")[2].lower() and not isinstance(leaf, Marked)
    ]
    assert in_clear == []
    for password in secrets_in(recording).values():
        assert len(password) >= 32
        assert everything_said(recording).count(password) == 2, "once as input, once as the echoed output"
        assert password not in repr(recording.outputs)


def test_the_throw_away_password_is_another_one_in_every_run() -> None:
    again = record(main, stack=PRODUCTION, root=ROOT)
    first, second = secrets_in(recorded(PRODUCTION)), secrets_in(again)
    assert set(first) == set(second)
    assert not set(first.values()) & set(second.values())


def test_a_throw_away_password_is_sent_at_creation_only() -> None:
    for one in recorded(PRODUCTION).of("rds/instance:Instance"):
        assert "password" in one.ignore_changes
        assert "passwordWo" not in one.inputs


def test_no_secret_has_a_value() -> None:
    """A version would put the value into the state; the closed list has no such type, and no type has one."""
    for one in recorded(PRODUCTION).of("secretsmanager/secret:Secret"):
        assert not {"secretString", "secretBinary"} & set(one.inputs)
    assert recorded(PRODUCTION).of("secretsmanager/secretVersion:SecretVersion") == []


def test_credentials_of_the_shell_are_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "FLY_API_TOKEN",
        "PULUMI_CONFIG_PASSPHRASE",
        "DATABASE_URL",
    ):
        monkeypatch.setenv(name, CANARY)
    assert CANARY not in everything_said(record(main, stack=PRODUCTION, root=ROOT))


def test_a_route_with_a_secret_address_gets_no_subscription() -> None:
    """The address carries a token; the operator's command subscribes it."""
    endpoints = [
        one.inputs["endpoint"] for one in recorded(PRODUCTION).of("sns/topicSubscription:TopicSubscription")
    ]
    assert endpoints
    assert all("@" in endpoint for endpoint in endpoints)
