"""Runs the product's app against a restored copy and asks whether it answers: level 5 of the ladder.

The app is the operator's own command: one process group, no shell, ended when it was asked. It gets the
secrets that belong to the backup, fresh passwords for the copy, and nothing of the operator's environment by
which it could reach anything else. Every secret that is the password of a database role becomes an address of
the copy, so that no part of the app talks to the database it was restored from.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
from psycopg import sql

from lifeboat.core.clock import Clock
from lifeboat.core.errors import ConfigError
from lifeboat.core.secret import Secret
from scripts.actions.backup_scratch_server import ScratchServer
from scripts.backup.manifest import Manifest

DATABASE_URL = "DATABASE_URL"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_OF_OURS = ("HOME", "LANG", "PATH", "TMPDIR")
_ASK_S, _PAUSE_S, _END_S = 2.0, 0.2, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredSecrets:
    """Values by the name the app sees; `notes` says what is not as it was."""

    values: Mapping[str, Secret]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppTrial:
    """How the app is run and asked.

    Args:
        command: its words; never a secret.
        url: answers 2xx when the app does; on this machine.
        roles: database roles by the name of the variable that holds their address.
        gather: returns the other secrets that belong to a backup.
        within_s: how long it may take to answer.
        log: file that takes what it prints; None to let that go.
    """

    command: tuple[str, ...]
    url: str
    roles: Mapping[str, str]
    gather: Callable[[Manifest], GatheredSecrets]
    within_s: float = 120.0
    log: Path | None = None

    def __post_init__(self) -> None:
        if not self.command:
            raise ConfigError("--app-command: is empty")
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or parts.hostname not in _LOOPBACK:
            raise ConfigError(
                f"--app-url: {self.url!r} is not of this machine",
                hint="name where the command listens, such as http://127.0.0.1:8080/health",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Whether the app answered; `not_done` says why not, and what was not as it had been."""

    answered: bool
    not_done: tuple[str, ...] = ()


def try_app(trial: AppTrial, manifest: Manifest, server: ScratchServer, clock: Clock) -> Tried:
    """Run the app against a restored copy until it answers.

    That it does not says nothing about the backup: the command, the machine and the app have a part in it.

    Raises:
        Refused: its secrets cannot be read.

    Effects: reads secret values, changes passwords of the throw-away server, runs a process.
    """
    absent = sorted({role for role in trial.roles.values() if role and role not in manifest.roles})
    if absent:
        return Tried(answered=False, not_done=(f"app: role {', '.join(absent)} is not in the backup",))
    if _answers(trial.url):
        return Tried(answered=False, not_done=(f"app: {trial.url} answers before the app was started",))
    gathered = trial.gather(manifest)
    environment = {name: os.environ[name] for name in _OF_OURS if name in os.environ}
    environment |= {name: value.reveal() for name, value in gathered.values.items()}
    environment |= _addresses(trial.roles, manifest.database, server)
    port = urlsplit(trial.url).port
    if port is not None:
        environment.setdefault("PORT", str(port))
    reason = _run(trial, environment, clock)
    return Tried(answered=not reason, not_done=(*gathered.notes, *([f"app: {reason}"] if reason else [])))


def _addresses(roles: Mapping[str, str], database: str, server: ScratchServer) -> dict[str, str]:
    passwords = {role: secrets.token_urlsafe(24) for role in roles.values() if role}
    with server.connect() as connection:
        for role, password in passwords.items():
            statement = sql.SQL("alter role {} login password {}")
            connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
    found = {}
    for name, role in {DATABASE_URL: next(iter(roles.values()), ""), **roles}.items():
        user, password = (role, passwords[role]) if role else server.superuser
        found[name] = (
            f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}"
            f"@127.0.0.1:{server.port}/{quote(database, safe='')}?sslmode=disable"
        )
    return found


def _run(trial: AppTrial, environment: Mapping[str, str], clock: Clock) -> str:
    """Return why the app did not answer; empty when it did."""
    try:
        with _process(trial, environment) as process:
            until_s = clock.monotonic_s() + trial.within_s
            while not _answers(trial.url):
                code = process.poll()
                if code is not None:
                    return f"{trial.command[0]} ended with {code} before it answered{_hint(trial)}"
                if clock.monotonic_s() > until_s:
                    return f"{trial.url} did not answer within {trial.within_s:g} s{_hint(trial)}"
                clock.sleep(_PAUSE_S)
            return ""
    except OSError as error:
        return f"{trial.command[0]} cannot be run: {error.strerror}"


@contextmanager
def _process(trial: AppTrial, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    handle = os.open(trial.log or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # Standard input is a pipe that ends with us: an app that watches it does not outlive us.
        process = subprocess.Popen(
            trial.command,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=handle,
            stderr=handle,
            start_new_session=True,
        )
    finally:
        os.close(handle)
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole group: in order first, and whoever is left then."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_END_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=_ASK_S, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _hint(trial: AppTrial) -> str:
    return f"; what it printed is in {trial.log}" if trial.log else "; --app-log FILE keeps what it prints"
