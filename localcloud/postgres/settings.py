"""A parameter group's values as settings of PostgreSQL: which are given to a server, which are not and why.

RDS has parameters that are no settings of PostgreSQL, and settings that are ours: those are left out and
named. A value that PostgreSQL would not take is refused before anything is written, since a server that
starts with one does not start at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lifeboat.core.errors import Refused
from lifeboat.postgres.account import Account
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.catalogue import Catalogue

_DECIDED_HERE = frozenset(
    {
        "allow_system_table_mods",
        "archive_cleanup_command",
        "archive_command",
        "archive_library",
        "archive_mode",
        "archive_timeout",
        "cluster_name",
        "config_file",
        "data_directory",
        "dynamic_shared_memory_type",
        "event_source",
        "external_pid_file",
        "fsync",
        "full_page_writes",
        "hba_file",
        "hot_standby",
        "ident_file",
        "ignore_invalid_pages",
        "ignore_system_indexes",
        "listen_addresses",
        "log_destination",
        "log_directory",
        "log_file_mode",
        "log_filename",
        "log_line_prefix",
        "logging_collector",
        "max_wal_senders",
        "port",
        "primary_conninfo",
        "primary_slot_name",
        "promote_trigger_file",
        "restart_after_crash",
        "restore_command",
        "shared_memory_type",
        "wal_level",
        "wal_log_hints",
        "zero_damaged_pages",
    }
)
"""Settings a parameter group may not change, on RDS because they are Amazon's, here because they are ours."""

_DECIDED_PREFIXES = ("recovery_", "ssl", "syslog_", "bonjour", "debug_", "krb_", "unix_socket_")
_LIBRARIES = {"shared_preload_libraries", "session_preload_libraries"}
_LOGICAL_REPLICATION = "rds.logical_replication"
_MISSING = "{} is not part of these binaries"
_ON = {"1", "on", "true", "yes"}

Complain = Callable[[Mapping[str, str]], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A parameter a server is not given, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What of a parameter group a server is given.

    Args:
        applied: settings by name, in PostgreSQL's own form; every value is one it takes.
        left_out: parameters it is not given.
    """

    applied: tuple[tuple[str, str], ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @classmethod
    def of(cls, binaries: Binaries, account: Account, parameters: Mapping[str, str]) -> Settings:
        """Read a parameter group's values.

        Args:
            binaries: of the server's version.
            account: who runs it.
            parameters: as the parameter group has them: numbers in the setting's own unit, `1` and `0` for
                switches; an empty value is none.

        Raises:
            Refused: PostgreSQL does not take a value; every such parameter is named.
        """
        catalogue = Catalogue.of(binaries, account)
        applied: dict[str, str] = {}
        left_out: list[LeftOut] = []
        for name, value in sorted(parameters.items()):
            reason = _reason_to_leave_out(catalogue, name, value)
            if name in _LIBRARIES:
                kept, missing = _libraries(catalogue, name, value)
                applied |= {name: kept} if kept else {}
                left_out += missing
            elif name == _LOGICAL_REPLICATION and value.lower() in _ON:
                applied["wal_level"] = "logical"
            elif reason:
                left_out.append(LeftOut(name=name, reason=reason))
            elif value:
                applied[name] = value
        _refuse_bad(catalogue.complaint, applied)
        return cls(applied=tuple(applied.items()), left_out=tuple(left_out))


def _reason_to_leave_out(catalogue: Catalogue, name: str, value: str) -> str:
    if name.startswith("rds."):
        return "a parameter of rds, not of postgresql"
    if name in _DECIDED_HERE or name.startswith(_DECIDED_PREFIXES):
        return "decided by the local cloud"
    if value.startswith("{"):
        return "a formula of the instance class"
    library, _, of_library = name.partition(".")
    if of_library:
        return "" if catalogue.has_library(library) else _MISSING.format(library)
    if catalogue.contexts.get(name, "internal") == "internal":
        return f"no setting of postgresql {catalogue.binaries.version}"
    return ""


def _libraries(catalogue: Catalogue, name: str, value: str) -> tuple[str, list[LeftOut]]:
    libraries = [library for part in value.split(",") if (library := part.strip())]
    kept = [library for library in libraries if catalogue.has_library(library)]
    missing = [library for library in libraries if library not in kept]
    return ",".join(kept), [LeftOut(name=name, reason=_MISSING.format(library)) for library in missing]


def _refuse_bad(complain: Complain, values: Mapping[str, str]) -> None:
    if complain(values) is None:
        return
    problems = [problem for item in values.items() if (problem := complain(dict([item])))]
    msg = "parameters that postgresql does not take: " + "; ".join(problems)
    raise Refused(msg)
