"""What an endpoint says to a client that it does not let through: PostgreSQL's ErrorResponse.

Words and codes are those of a server, so that a client decides as it would on RDS: `sslmode=allow` tries
again with TLS after 28000, a pool tries again later after 57P03.
Source: https://www.postgresql.org/docs/current/protocol-error-fields.html
"""

from __future__ import annotations

from localcloud.postgres.startup_message import StartupMessage


def not_encrypted(startup: StartupMessage, host: str) -> bytes:
    """Refuse a connection without TLS where `rds.force_ssl` is on.

    Args:
        startup: what the client said.
        host: the client's address.
    """
    whom = f'host "{host}", user "{startup.user}"'
    if startup.is_replication:
        return _fatal("28000", f"no pg_hba.conf entry for replication connection from {whom}, no encryption")
    return _fatal("28000", f'no pg_hba.conf entry for {whom}, database "{startup.database}", no encryption')


def starting_up() -> bytes:
    """Say that there is a server, but that it takes no connection yet."""
    return _fatal("57P03", "the database system is starting up")


def _fatal(code: str, message: str) -> bytes:
    fields = {"S": "FATAL", "V": "FATAL", "C": code, "M": message}
    body = b"".join(f"{key}{value}\0".encode() for key, value in fields.items()) + b"\0"
    return b"E" + (len(body) + 4).to_bytes(4, "big") + body
