"""The configuration files of a data directory: the ground every server stands on, and parts added to it.

`postgresql.conf` reads every file of `conf.d` in the order of their names; a later part wins. Nothing here
names a port or a directory, so a copy of a data directory works wherever it lies: those are arguments of the
server's start.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lifeboat.postgres.account import Account
from localcloud.aws.atomic_file import write_atomically
from localcloud.postgres.superuser import SUPERUSER

GROUND = "10-ground"
PARAMETERS = "50-parameters"
"""The parts written here and by `settings.py`; names above `50-parameters` win over a parameter group."""

GROUND_SETTINGS = {
    # Small: ten servers share a laptop.
    "shared_buffers": "16MB",
    "max_connections": "100",
    "min_wal_size": "8MB",
    "max_parallel_workers": "2",
    "autovacuum_max_workers": "2",
    # Durable: what a recovery loses is what this project measures.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    # Followed and archived; a standby takes reads.
    "wal_level": "replica",
    "max_wal_senders": "10",
    "max_replication_slots": "10",
    "hot_standby": "on",
    "wal_log_hints": "on",
    # In the data directory, so that a killed server leaves nothing behind elsewhere.
    "dynamic_shared_memory_type": "mmap",
    "password_encryption": "scram-sha-256",
    "authentication_timeout": "15s",
    "tcp_keepalives_idle": "60s",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_line_prefix": "%t:%r:%u@%d:[%p]:",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "lc_messages": "C",
    "max_stack_depth": "2MB",
}
"""What holds unless a parameter group says otherwise; `decided_here` names those it may not change."""

# Superuser: over the private socket only. A client comes through the forwarder, from loopback, with SCRAM.
_HOST_ACCESS = f"""\
local all         {SUPERUSER}                trust
local replication {SUPERUSER}                trust
host  all         {SUPERUSER} all            reject
host  {SUPERUSER} all         all            reject
host  all         all         127.0.0.1/32   scram-sha-256
"""


def write_ground(account: Account, data: Path) -> None:
    """Write the files every server needs; parts that were added stay."""
    _write(account, data / "postgresql.conf", "include_dir 'conf.d'\n")
    _write(account, data / "pg_hba.conf", _HOST_ACCESS)
    write_part(account, data, GROUND, GROUND_SETTINGS)


def write_part(account: Account, data: Path, part: str, values: Mapping[str, str]) -> None:
    """Replace one part of the configuration; it holds from the next reload or start.

    Args:
        account: who reads it.
        data: the data directory.
        part: such as `70-archive`; its number is its place in the order.
        values: settings by name, checked by the caller.
    """
    directory = data / "conf.d"
    directory.mkdir(mode=0o700, exist_ok=True)
    _write(account, directory / f"{part}.conf", render(values))
    account.own(directory)


def render(values: Mapping[str, str]) -> str:
    """Return settings in the form of a configuration file."""
    return "".join(f"{name} = '{_quoted(value)}'\n" for name, value in values.items())


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")


def _write(account: Account, path: Path, text: str) -> None:
    write_atomically(path, [text.encode()])
    account.own(path)
