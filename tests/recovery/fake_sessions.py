"""Secrets Manager and the databases themselves, in memory, beside `fake_rds`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from lifeboat.core.secret import Secret
from scripts.actions.backup_login import Login
from scripts.actions.database_sessions import Contents
from tests.recovery.fake_world import FakeWorld
from tests.recovery.memory_store import Killer
from tests.recovery.plans import MADE_AT

PASSWORD = "current-password"
ROLE_PASSWORD = "role-password"


class FakeSecrets:
    """Secrets Manager with the two secrets of the environment."""

    def describe_secret(self, SecretId: str) -> dict[str, Any]:  # its name
        """Tell the stages."""
        return {"VersionIdsToStages": {f"version of {SecretId}": ["AWSCURRENT"]}}

    def get_secret_value(self, SecretId: str, **_version: str) -> dict[str, str]:  # its name
        """Tell the value."""
        if SecretId.endswith("master"):
            return {"SecretString": json.dumps({"username": "lifeboat", "password": PASSWORD})}
        return {"SecretString": ROLE_PASSWORD}


class FakeSessions:
    """Databases that know passwords and heartbeats."""

    def __init__(self, worlds: Sequence[FakeWorld], killer: Killer) -> None:
        self._worlds = worlds
        self._killer = killer

    def refusal(self, login: Login, database: str) -> str:
        """Compare passwords."""
        world, resource_id = self._of(login)
        known = world.passwords[resource_id].get(login.user)
        return "" if known == login.password.reveal() else "password authentication failed"

    def beats(self, login: Login, database: str, since: datetime, until: datetime) -> tuple[datetime, ...]:
        """A heartbeat a second."""
        return tuple(since + timedelta(seconds=n) for n in range(int((until - since).total_seconds()) + 1))

    def rows(self, login: Login, database: str) -> dict[str, int]:
        """One table, of which only the newest database has fewer rows."""
        return {"orders": 10 if self._of(login)[1] == "db-1" else 8}

    def contents(self, login: Login, database: str, *, until: datetime | None = None) -> Contents:
        """A heartbeat a second; a restored one ends at its moment."""
        world, resource_id = self._of(login)
        one = world.instances[resource_id]
        newest_at = one.get("RestoreTime", MADE_AT)
        contents = Contents(
            is_recovering=False,
            newest_beat_at=min(newest_at, until) if until else newest_at,
            extensions={"plpgsql": "1.0"},
            roles=frozenset({"lifeboat"}),
            behind=(),
        )
        return replace(contents, **world.inside.get(resource_id, {}))

    def first_beat_after(self, login: Login, database: str, moment: datetime) -> datetime | None:
        """The new one is written to at once."""
        return MADE_AT + timedelta(seconds=30)

    def set_role(self, login: Login, database: str, role: str, password: Secret) -> None:
        """Make or change a role."""
        assert not self.refusal(login, database)
        self._killer.moment("before role")
        world, resource_id = self._of(login)
        world.passwords[resource_id][role] = password.reveal()
        world.calls["role"] += 1
        self._killer.moment("after role")

    def _of(self, login: Login) -> tuple[FakeWorld, str]:
        world = next(one for one in self._worlds if login.address in one.names())
        return world, str(world.named(login.address)["DbiResourceId"])
