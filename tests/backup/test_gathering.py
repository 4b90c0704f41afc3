"""What is gathered around a dump: which databases, whose password, and what else belongs to the moment."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from lifeboat.core.errors import Refused
from scripts.actions.backup_databases import list_databases
from scripts.actions.backup_login import read_master
from scripts.actions.backup_restore_set import gather_restore_set
from tests.backup.manifests import NOW
from tests.backup.world import BackupWorld
from tests.builders import HOME, OTHER, a_contract

MASTER = json.dumps({"username": "captain", "password": "Ahoy-there-1"})


class Gone:
    """A region that does not answer."""

    def describe_secret(self, **_: Any) -> dict[str, Any]:
        """Fail."""
        raise EndpointConnectionError(endpoint_url="https://secretsmanager")


class Region:
    """Secrets Manager of a region; every secret has one version."""

    def __init__(self, value: str = MASTER, *, version: str | None = "v1") -> None:
        self._value = value
        self._version = version

    def describe_secret(self, **_: Any) -> dict[str, Any]:
        """Return the stages."""
        return {"VersionIdsToStages": {self._version: ["AWSCURRENT"]} if self._version else {}}

    def get_secret_value(self, **_: Any) -> dict[str, Any]:
        """Return the value."""
        return {"SecretString": self._value}


def test_every_database_with_something_in_it_is_copied(world: BackupWorld) -> None:
    names = list_databases(world.login, world.database)
    assert {"app", world.database} <= set(names)
    assert not {"postgres", "template0", "template1", "rdsadmin"} & set(names)
    with world.cloud.connect("main", dbname="postgres") as connection:
        connection.execute("create table found_here ()")
        try:
            assert "postgres" in list_databases(world.login, world.database)
        finally:
            connection.execute("drop table found_here")


def test_the_password_comes_from_the_region_that_answers() -> None:
    regions = {HOME: Gone(), OTHER: Region()}
    user, password = read_master(regions.__getitem__, "master", (HOME, OTHER))
    assert (user, password.reveal()) == ("captain", "Ahoy-there-1")


@pytest.mark.parametrize(
    ("region", "reason"),
    [
        (Gone(), "EndpointConnectionError"),
        (Region(version=None), "has no value"),
        (Region("Ahoy-there-1"), "not of the form"),
        (Region("[]"), "not of the form"),
    ],
)
def test_a_password_that_cannot_be_had_is_refused_with_the_reason_and_not_the_value(
    region: Any, reason: str
) -> None:
    with pytest.raises(Refused) as caught:
        read_master({HOME: region}.__getitem__, "master", (HOME,))
    assert reason in caught.value.message
    assert "Ahoy" not in str(caught.value)


def test_the_restore_set_names_versions_and_the_checkpoint_and_no_value(tmp_path: Path) -> None:
    checkpoint = tmp_path / ".pulumi" / "stacks" / "lifeboat" / "local-production.json"
    checkpoint.parent.mkdir(parents=True)
    checkpoint.write_bytes(b"{}")
    together = gather_restore_set(
        a_contract(), lambda _: Region(), f"file://{tmp_path}", at=NOW, lsn="0/16B3748"
    )
    assert together.secret_versions == {"paintbox/production/database-master": "v1"}
    assert together.checkpoint_sha256 == hashlib.sha256(b"{}").hexdigest()
    assert (together.database_at, together.lsn, together.unread) == (NOW, "0/16B3748", [])
    assert "Ahoy" not in together.model_dump_json()


def test_what_of_a_restore_set_cannot_be_read_is_said_and_does_not_stop_the_backup() -> None:
    together = gather_restore_set(a_contract(), lambda _: Gone(), "", at=NOW, lsn="0/1")
    assert together.checkpoint_sha256 is None
    assert together.secret_versions == {}
    assert [each.partition(":")[0] for each in together.unread] == [
        "checkpoint",
        "secret paintbox/production/database-master",
    ]
