"""Statements of our own: as the superuser, over a server's private socket, never over the network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

SUPERUSER = "rdsadmin"
"""The superuser, named as on RDS; no client may connect as it."""

OWN_DATABASE = "rdsadmin"
"""The database our statements run in: it is not the customer's, who may drop every other one."""

_CONNECT_S = 5
_QUIET = {
    # In the customer's log stands what the customer did, and never a password's verifier.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Superuser:
    """A way into one server.

    Args:
        socket_directory: where its socket lies.
        port: which also names the socket.
    """

    socket_directory: Path
    port: int

    def query(
        self, statement: str, *parameters: object, database: str = OWN_DATABASE, timeout_s: float = 30.0
    ) -> list[tuple[Any, ...]]:
        """Run one statement, committed at once, and return its rows; none for a statement without rows.

        Args:
            statement: with `%s` for each parameter.
            parameters: values, sent apart from the statement.
            database: where to run it.
            timeout_s: after this long the server ends it; connecting takes no longer either, nor than 5 s.

        Raises:
            psycopg.OperationalError: nobody answers.
            psycopg.Error: the server refused.
        """
        settings = {"statement_timeout": str(int(timeout_s * 1000)), **_QUIET}
        with psycopg.connect(
            host=str(self.socket_directory),
            port=self.port,
            user=SUPERUSER,
            dbname=database,
            connect_timeout=min(_CONNECT_S, math.ceil(timeout_s)),
            autocommit=True,
            options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
        ) as connection:
            cursor = connection.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []
