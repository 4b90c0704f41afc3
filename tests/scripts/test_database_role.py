"""An app's role: made with its secret, changed in the database before the secret, healed when interrupted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from lifeboat.core.errors import Unverified
from lifeboat.core.secret import Secret
from scripts.actions.database_role import DatabasePlace, rotate_role
from scripts.actions.secret_value import put_current, put_pending
from scripts.observe.secret_state import observe_secret
from tests.localcloud_aws.real_cloud import PASSWORD, RealCloud, real_cloud

MASTER, APP, ROLE = "paintbox/local/database-master", "paintbox/local/database-app", "paintbox_app"


@pytest.fixture(scope="module")
def cloud() -> Iterator[RealCloud]:
    with real_cloud() as running:
        running.make("main")
        secrets = running.aws.client("secretsmanager")
        for name in (MASTER, APP):
            secrets.create_secret(Name=name)
        put_current(secrets, MASTER, Secret(json.dumps({"username": "lifeboat", "password": PASSWORD})))
        yield running


@pytest.fixture
def secrets(cloud: RealCloud, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("PGSSLROOTCERT", str(cloud.service.health()["ca_file"]))
    return cloud.aws.client("secretsmanager")


def place(cloud: RealCloud, **changes: Any) -> DatabasePlace:
    (found,) = cloud.aws.client("rds").describe_db_instances()["DBInstances"]
    facts = {"address": found["Endpoint"]["Address"], "port": found["Endpoint"]["Port"], "name": "app"}
    return DatabasePlace(**{**facts, "master_secret": MASTER, **changes})


def current(secrets: Any) -> str:
    return str(secrets.get_secret_value(SecretId=APP)["SecretString"])


def test_the_role_logs_in_with_what_its_secret_holds_and_only_with_that(
    cloud: RealCloud, secrets: Any
) -> None:
    rotate_role(secrets, place(cloud), secret=APP, role=ROLE)
    first = current(secrets)
    with cloud.connect("main", user=ROLE, password=first) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS things (id int)")
        (row,) = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchall()
        assert row == (False,)
    rotate_role(secrets, place(cloud), secret=APP, role=ROLE, value=Secret("chosen by hand, 20 letters"))
    assert current(secrets) == "chosen by hand, 20 letters"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        cloud.connect("main", user=ROLE, password=first)
    cloud.connect("main", user=ROLE, password=current(secrets)).close()


def test_an_interrupted_rotation_goes_on_with_the_same_value(cloud: RealCloud, secrets: Any) -> None:
    rotate_role(secrets, place(cloud), secret=APP, role=ROLE)
    before = current(secrets)
    pending = put_pending(secrets, APP, Secret("begun and not ended"))
    assert current(secrets) == before
    rotate_role(secrets, place(cloud), secret=APP, role=ROLE)
    assert current(secrets) == "begun and not ended"
    assert observe_secret(secrets, APP).current_version == pending
    assert observe_secret(secrets, APP).is_settled


def test_a_database_that_refuses_leaves_the_secret_and_tells_no_value(cloud: RealCloud, secrets: Any) -> None:
    rotate_role(secrets, place(cloud), secret=APP, role=ROLE)
    before = current(secrets)
    with pytest.raises(Unverified) as refused:
        rotate_role(secrets, place(cloud, name="nowhere"), secret=APP, role=ROLE, value=Secret("new value"))
    assert current(secrets) == before
    assert 'database "nowhere" does not exist' in str(refused.value)
    assert "new value" not in str(refused.value)
    assert PASSWORD not in str(refused.value)
    cloud.connect("main", user=ROLE, password=before).close()


def test_without_its_authority_nothing_is_sent(
    cloud: RealCloud, secrets: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGSSLROOTCERT", "/nowhere/ca.pem")
    with pytest.raises(Unverified, match="root certificate file") as refused:
        rotate_role(secrets, place(cloud), secret=APP, role=ROLE, value=Secret("never sent"))
    assert "PGSSLROOTCERT" in refused.value.hint
