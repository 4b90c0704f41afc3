"""Inputs for tests of RDS types; a test overrides the one thing it is about."""

from __future__ import annotations

from typing import Any

INSTANCE = "aws:rds/instance:Instance"


def a_database(identifier: str, **changes: Any) -> dict[str, Any]:
    """Return inputs of an empty PostgreSQL database."""
    return {
        "identifier": identifier,
        "instanceClass": "db.t4g.micro",
        "engine": "postgres",
        "engineVersion": "16.4",
        "allocatedStorage": 20,
        "dbName": "shop",
        "username": "master",
        "password": "throw-away-password",
        "skipFinalSnapshot": True,
        **changes,
    }


def a_replica(identifier: str, source: str, **changes: Any) -> dict[str, Any]:
    """Return inputs of a replica."""
    return {
        "identifier": identifier,
        "instanceClass": "db.t4g.micro",
        "replicateSourceDb": source,
        "skipFinalSnapshot": True,
        **changes,
    }
