"""The relay verifies who it talks to, in full, and carries everything in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lifeboat.core.errors import Refused, StepFailed
from scripts.actions.backup_child import child_environment, run_child
from scripts.actions.backup_login import Login
from scripts.actions.backup_programs import Programs, find_programs
from scripts.actions.backup_relay import TlsRelay
from tests.backup.world import BackupWorld
from tests.localcloud_aws.real_cloud import PASSWORD
from tests.postgres.databases import Databases, open_directory


@pytest.fixture(scope="module")
def programs() -> Programs:
    return find_programs(16)


def psql(relay: TlsRelay, programs: Programs, login: Login, database: str, tmp_path: Path, text: str) -> str:
    """Run a statement through the relay."""
    environment = child_environment(relay.directory, login.user, login.password, database)
    argv: list[str | Path] = [programs.path("psql"), "-XAtq", "--set=ON_ERROR_STOP=1", f"--command={text}"]
    return run_child(argv, environment=environment, cwd=tmp_path, timeout_s=60)


def test_large_answers_and_large_questions_get_through(
    world: BackupWorld, programs: Programs, tmp_path: Path
) -> None:
    login = world.login
    with TlsRelay(login.address, login.port, login.tls()) as relay:
        large = psql(relay, programs, login, world.database, tmp_path, "select repeat('x', 5000000)")
        assert len(large) == 5_000_001
        sent = psql(relay, programs, login, world.database, tmp_path, f"select length('{'y' * 100_000}')")
        assert sent == "100000\n"
    assert not relay.directory.exists()
    assert relay.problems == []


def test_its_socket_is_for_this_user_alone(world: BackupWorld) -> None:
    login = world.login
    with TlsRelay(login.address, login.port, login.tls()) as relay:
        assert relay.directory.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("authority", ["system", "name"])
def test_a_server_that_is_not_who_it_should_be_gets_no_password(
    world: BackupWorld, programs: Programs, tmp_path: Path, authority: str
) -> None:
    login = world.login
    context = Login(
        address=login.address,
        port=login.port,
        user=login.user,
        password=login.password,
        authority="system" if authority == "system" else login.authority,
    ).tls()
    # The same server under another spelling of its address, which its certificate does not carry.
    address = login.address if authority == "system" else "127.1"
    with TlsRelay(address, login.port, context) as relay:
        with pytest.raises(StepFailed) as caught:
            psql(relay, programs, login, world.database, tmp_path, "select 1")
        assert PASSWORD not in str(caught.value)
        assert "certificate verify failed" in relay.problems[0]


@pytest.fixture
def plain_port() -> Iterator[int]:
    """Run a server without TLS."""
    with open_directory() as directory:
        databases = Databases(directory, directory / "templates")
        server = databases.make()
        server.start()
        yield server.port
        databases.end()


def test_a_server_without_tls_is_not_talked_to(
    world: BackupWorld, programs: Programs, plain_port: int, tmp_path: Path
) -> None:
    login = world.login
    with TlsRelay("127.0.0.1", plain_port, login.tls()) as relay:
        with pytest.raises(StepFailed):
            psql(relay, programs, login, "shop", tmp_path, "select 1")
        assert relay.problems == [f"127.0.0.1:{plain_port} does not offer tls"]


def test_a_version_nobody_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused) as caught:
        find_programs(99)
    assert "versions found: " in caught.value.hint
    assert "16." in caught.value.hint
