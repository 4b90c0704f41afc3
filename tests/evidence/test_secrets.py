"""No secret gets into a pack: neither one of ours, nor one that somebody else's message quotes."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifeboat.core.errors import LifeboatError, Refused, Stuck
from lifeboat.core.secret import Secret
from scripts.engine.context import Context
from scripts.engine.step import Step
from scripts.evidence.pack import read_pack
from scripts.evidence.redaction import RULES, find_secrets
from tests.evidence.runs import PLAN, run_at
from tests.recovery.operators import Site

CANARY = "canary-5f0c1d-never-to-be-seen"


def test_a_canary_that_every_step_handles_is_in_no_file_of_the_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", CANARY)
    site, secret = Site(tmp_path), Secret(CANARY)

    def handle(step: Step, context: Context) -> None:
        context.note("login", role="app", password=str(secret), shown=f"{secret!r}")
        if step.id == "turn-over":
            raise Stuck(f"cannot log in with {secret}")

    site.world.on_act = handle
    pack = run_at(site)
    assert pack.report.phase == "ended"
    assert b"login" in pack.files["journal.jsonl"]
    assert [name for name, body in pack.files.items() if CANARY.encode() in body] == []
    assert CANARY.encode() not in pack.to_zip()


def test_a_secret_given_to_the_journal_by_mistake_never_arrives(tmp_path: Path) -> None:
    site = Site(tmp_path)

    def leak(step: Step, context: Context) -> None:
        context.note("login", password=Secret(CANARY))  # type: ignore[arg-type]  # the mistake

    site.world.on_act = leak
    with pytest.raises(TypeError, match="a secret never stands in a plan or a journal"):
        site.operator().run(PLAN)
    pack = read_pack(site.store, site.run_id)
    assert pack.report.phase == "paused"
    assert [name for name, body in pack.files.items() if CANARY.encode() in body] == []


# In pieces, so that no tool takes this file for a leak.
LEAKS = {
    "password in a URL": "postgresql://app:" + "hunter2@db.internal:5432/app",
    "password in a connection string": "host=db user=app password" + "=hunter2 dbname=app",
    "password of PostgreSQL's environment": "PGPASSWORD" + "=hunter2 pg_dump",
    "AWS access key": "AKIA" + "IOSFODNN7EXAMPLE",
    "AWS secret access key": "aws_secret_access_key" + " = wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
    "Fly token": "FlyV1 fm2_" + "lJPECAAAAAAAABkr",
    "signed web token": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc",
    "private key": "-----BEGIN " + "PRIVATE KEY-----",
    "authorization header": "Authorization: " + "Bearer abcdefgh12345678",
}


def test_there_is_a_leak_for_every_rule() -> None:
    assert set(LEAKS) == set(RULES)


@pytest.mark.parametrize("rule", LEAKS)
def test_a_message_that_quotes_a_secret_keeps_the_pack_from_being_made(rule: str, tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.findings["make-copy"] = (f"the driver said: {LEAKS[rule]}",)
    with pytest.raises(LifeboatError):
        site.operator().run(PLAN)
    with pytest.raises(Refused) as refused:
        read_pack(site.store, site.run_id)
    assert f"(step_verified): {rule}" in refused.value.message
    assert LEAKS[rule] not in str(refused.value)


@pytest.mark.parametrize(
    "harmless",
    [
        "postgresql://app@db.internal:5432/app",
        "postgresql://app:***@db.internal:5432/app",
        "s3://bucket/lifeboat/runs/run-20261122-080000-4f3a9c/journal/000001.json",
        "arn:aws:secretsmanager:us-west-1:123456789012:secret:paintbox/local/db-master-AbCdEf",
        "password authentication failed for user app",
        "password=***",
        "the secret paintbox/local/jwt-signing has version 3f2b0c5e-1111-2222-3333-444455556666",
        "2026-11-22T08:00:00.000000Z alice@host pid 1: https://fly.io/docs",
    ],
)
def test_names_of_secrets_and_addresses_are_no_secrets(harmless: str) -> None:
    assert list(find_secrets(harmless.encode())) == []
