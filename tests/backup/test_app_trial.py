"""Level 5: the app runs against the restored copy, with the secrets of the backup, and answers."""

from __future__ import annotations

import hashlib
import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import ConfigError, Refused
from scripts.actions.backup_app import AppTrial, try_app
from scripts.actions.backup_app_secrets import app_of, gather_secrets, roles_of
from scripts.actions.backup_create import create_backup
from scripts.actions.backup_programs import SERVERS, find_programs
from scripts.actions.backup_reading import read_listing
from scripts.actions.backup_scratch_server import ScratchServer
from scripts.actions.backup_verify import VerifyJob, verify_backup
from scripts.backup.levels import Level
from scripts.backup.manifest import Manifest
from tests.backup.app_product import PRODUCT, ROLE, a_contract_with_an_app
from tests.backup.manifests import a_manifest
from tests.backup.provable import provable_major
from tests.backup.remembered import RememberedBackups
from tests.backup.world import BackupWorld
from tests.builders import HOME
from tests.localcloud_aws.real_cloud import RealCloud
from tests.postgres.databases import open_directory
from tests.waiting import processes_at, soon

APP = Path(__file__).with_name("trial_app.py")


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    """A throw-away server on loopback with the app's role."""
    with open_directory() as directory:
        programs = find_programs(15, SERVERS)
        with ScratchServer(programs, directory / "server", SystemClock(), on_loopback=True) as server:
            with server.connect() as connection:
                connection.execute(f"create role {ROLE}".encode())
            yield server


@pytest.fixture
def versions(cloud: RealCloud) -> tuple[str, str]:
    """Return two versions of the app's secret, the second one in force; a value is its version twice."""
    manager = cloud.aws.client("secretsmanager", HOME)
    names = [each["Name"] for each in manager.list_secrets()["SecretList"]]
    if "paintbox/jwt" not in names:
        manager.create_secret(Name="paintbox/jwt")
    made = [str(uuid4()), str(uuid4())]
    for version in made:
        manager.put_secret_value(
            SecretId="paintbox/jwt", SecretString=version * 2, ClientRequestToken=version
        )
    return made[0], made[1]


def a_manifest_with(version: str) -> Manifest:
    manifest = a_manifest(roles=[ROLE])
    together = manifest.restore_set.model_copy(update={"secret_versions": {"paintbox/jwt": version}})
    return manifest.model_copy(update={"restore_set": together, "database": "postgres"})


def a_trial(cloud: RealCloud, version: str, **changes: Any) -> AppTrial:
    """Return a trial of an app that wants the value of a version."""
    contract = changes.pop("contract", a_contract_with_an_app())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    expected = hashlib.sha256((version * 2).encode()).hexdigest()
    app = app_of(contract, "")
    trial = AppTrial(
        command=(sys.executable, str(APP), str(port), expected),
        url=f"http://127.0.0.1:{port}/health",
        roles=roles_of(contract, app),
        gather=partial(
            gather_secrets, contract, app, lambda region: cloud.aws.client("secretsmanager", region)
        ),
        within_s=20.0,
    )
    return replace(trial, **changes)


def test_the_app_gets_the_secrets_of_the_backup_and_nothing_of_the_operators(
    cloud: RealCloud, server: ScratchServer, versions: tuple[str, str], tmp_path: Path
) -> None:
    old, _current = versions
    log = tmp_path / "log"
    tried = try_app(a_trial(cloud, old, log=log), a_manifest_with(old), server, SystemClock())
    assert (tried.answered, tried.not_done) == (True, ()), log.read_text()
    assert old not in log.read_text()
    assert processes_at(str(APP)) == []


def test_a_version_that_is_gone_is_replaced_by_the_current_one_and_that_is_said(
    cloud: RealCloud, server: ScratchServer, versions: tuple[str, str]
) -> None:
    gone = str(uuid4())
    tried = try_app(a_trial(cloud, versions[1]), a_manifest_with(gone), server, SystemClock())
    assert tried.answered
    assert tried.not_done == (f"secret paintbox/jwt: its version {gone} is gone, the current one was taken",)


def test_an_app_that_ends_or_never_answers_proves_nothing_and_leaves_nothing(
    cloud: RealCloud, server: ScratchServer, versions: tuple[str, str], tmp_path: Path
) -> None:
    manifest = a_manifest_with(versions[0])
    ends = a_trial(cloud, versions[0], command=(sys.executable, "-c", "raise SystemExit(7)"))
    tried = try_app(ends, manifest, server, SystemClock())
    assert (tried.answered, "ended with 7" in tried.not_done[0]) == (False, True)

    mark = tmp_path / "child"
    child = f"import time, signal; signal.signal(15, 1); time.sleep(600)  # {mark}"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    hangs = a_trial(cloud, versions[0], command=(sys.executable, "-c", program), within_s=2.0)
    tried = try_app(hangs, manifest, server, SystemClock())
    assert (tried.answered, "did not answer within 2 s" in tried.not_done[0]) == (False, True)
    assert soon(lambda: processes_at(str(mark)) == [], 10), processes_at(str(mark))

    absent = a_trial(cloud, versions[0], command=(str(tmp_path / "nothing"),))
    assert "cannot be run" in try_app(absent, manifest, server, SystemClock()).not_done[0]


def test_somebody_else_who_answers_at_the_address_is_not_taken_for_the_app(
    cloud: RealCloud, server: ScratchServer, versions: tuple[str, str]
) -> None:
    health = f"{cloud.aws.url}/_lifeboat/health"
    trial = a_trial(cloud, versions[0], url=health)
    tried = try_app(trial, a_manifest_with(versions[0]), server, SystemClock())
    assert tried.not_done == (f"app: {health} answers before the app was started",)


def test_nothing_leads_the_app_to_the_database_it_was_restored_from(
    cloud: RealCloud, server: ScratchServer, versions: tuple[str, str]
) -> None:
    template = "postgresql://reader:{value}@127.0.0.1:5432/app"
    reader = {"secret": "paintbox/jwt", "regions": [HOME], "template": template}
    contract = a_contract_with_an_app(READER_URL=reader)
    trial = a_trial(cloud, versions[0], contract=contract)
    with pytest.raises(Refused, match="which no rehearsal may reach"):
        try_app(trial, a_manifest_with(versions[0]), server, SystemClock())
    for url in ("https://paintbox-web.fly.dev/health", "http://10.0.0.1/", "file:///etc/passwd", "127.0.0.1"):
        with pytest.raises(ConfigError, match="not of this machine"):
            replace(trial, url=url)
    without_role = a_trial(cloud, versions[0])
    manifest = a_manifest_with(versions[0]).model_copy(update={"roles": []})
    tried = try_app(without_role, manifest, server, SystemClock())
    assert tried.not_done == (f"app: role {ROLE} is not in the backup",)


def test_the_demo_app_answers_from_a_restored_copy_and_the_level_is_recorded(
    cloud: RealCloud, versions: tuple[str, str]
) -> None:
    major = provable_major()
    cloud.make("rehearsed", EngineVersion=str(major or 16))
    store = RememberedBackups()
    with open_directory() as directory:
        world = BackupWorld(cloud, "rehearsed", "app", directory)
        world.execute(f"create role {ROLE} login password 'as it was in production'; {PRODUCT}")
        manifest = create_backup(world.job(store))
        trial = a_trial(cloud, versions[1])
        trial = replace(trial, command=(sys.executable, "-m", "localcloud.fly.images.demo"))
        trial = replace(trial, url=trial.url.replace("/health", "/health/ready"))
        job = VerifyJob(store=store, manifest=manifest, level=Level.ANSWERS, by="tests", spool_root=directory)
        assert "no command was given" in str(verify_backup(job).not_done)
        record = verify_backup(replace(job, app=trial))
    assert (record.problems, record.app_answered) == ([], True), record.not_done
    assert record.reached == (Level.RESTORES if major is None else Level.ANSWERS)
    assert read_listing(store).backups[0].level == record.reached
    assert versions[1] not in json.dumps(record.model_dump(mode="json"))
