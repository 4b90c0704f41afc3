"""Servers for tests: data where the unprivileged account may go, ports of their own, nothing left behind."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from lifeboat.core.secret import Secret
from lifeboat.postgres.account import Account
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.empty import make_empty
from localcloud.postgres.private_port import private_port
from localcloud.postgres.processes import kill_all
from localcloud.postgres.roles import Master
from localcloud.postgres.server import Server
from localcloud.postgres.settings import Settings
from localcloud.postgres.template import Template

MASTER = Master(username="captain", password=Secret("Ahoy-there-1"))
DATABASE = "shop"


@contextmanager
def open_directory() -> Iterator[Path]:
    """Yield a directory that every account may enter, and end the servers whose data lie in it."""
    directory = Path(tempfile.mkdtemp(prefix="lifeboat-pg-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        for version in directory.glob("**/PG_VERSION"):
            kill_all(version.parent)
        shutil.rmtree(directory)


class Databases:
    """Makes servers in one directory, from templates that all tests share."""

    def __init__(self, directory: Path, templates: Path) -> None:
        self.directory = directory
        self._templates = templates
        self._servers: list[Server] = []

    def template(self, major: int) -> Template:
        """Return the template of a version."""
        return Template(binaries=Binaries.of(major), account=Account.current(), directory=self._templates)

    def make(
        self,
        name: str = "one",
        *,
        major: int = 16,
        master: Master = MASTER,
        database: str | None = DATABASE,
        parameters: Mapping[str, str] | None = None,
    ) -> Server:
        """Make the data of an empty server, and return the server, which is not started."""
        template = self.template(major)
        settings = Settings.of(template.binaries, template.account, parameters or {})
        make_empty(template, self.directory / name, master=master, database=database, settings=settings)
        return self.server(name, major=major)

    def server(self, name: str = "one", *, major: int = 16, port: int | None = None) -> Server:
        """Return a server on data that are there."""
        template = self.template(major)
        data, sockets = self.directory / name, self.directory / "sockets"
        # Not one the kernel would choose: it may give it to some client before the server binds it, or while
        # the server is down.
        taken = frozenset(server.port for server in self._servers)
        server = Server(template.binaries, template.account, data, port or private_port(taken), sockets)
        self._servers.append(server)
        return server

    def end(self) -> None:
        """End every server at once."""
        for server in self._servers:
            server.kill()


def connect(
    server: Server, master: Master = MASTER, *, database: str = DATABASE
) -> psycopg.Connection[tuple[object, ...]]:
    """Connect as a client does, with a password; each statement is committed at once."""
    return psycopg.connect(
        host="127.0.0.1",
        port=server.port,
        user=master.username,
        password=master.password.reveal(),
        dbname=database,
        connect_timeout=30,
        autocommit=True,
    )
