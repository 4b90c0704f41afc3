"""The way to the service that owns the servers: one request after the other, told again while it starts."""

from __future__ import annotations

from threading import Lock

import httpx
from pydantic import BaseModel, SecretStr

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.errors import Stuck
from localcloud.aws.rds.facts import DatabaseFacts
from localcloud.aws.rds.refusal import BAD_COMBINATION, refusal
from localcloud.postgres.wire import Change, Creation, Facts, InstanceStatus, Origin, Overview

ENGINE = "postgres"
_FRESH_S = 0.05
_PATIENCE_S = 15.0
_PAUSE_S = 0.1
_REFUSED = 400


class ServiceLine:
    """The service at `base_url`; safe to use from many threads."""

    def __init__(self, base_url: str, clock: Clock | None = None) -> None:
        # Never through a proxy of the environment: the service is on this machine.
        self._http = httpx.Client(base_url=base_url, timeout=90.0, trust_env=False)
        self._clock = clock or SystemClock()
        self._lock = Lock()
        self._overview: Overview | None = None
        self._looked_s = 0.0

    def create(self, database: DatabaseFacts, origin: Origin) -> None:
        """Tell of a creation; told twice, it is done once."""
        if database.engine != ENGINE:
            raise NotImplementedError(f"databases of engine {database.engine} have no server here")
        self.tell("/instances/create", Creation(facts=_facts(database), origin=origin))

    def change(self, database: DatabaseFacts, operation: str, *, flag: bool = False) -> None:
        """Tell of another operation on an instance; databases of other engines have none."""
        if database.engine == ENGINE:
            self.tell(f"/instances/{operation}", Change(facts=_facts(database), flag=flag))

    def tell(self, path: str, body: BaseModel) -> None:
        """Tell something, and look afresh the next time."""
        self.ask("POST", path, body.model_dump_json().encode())
        self.forget_look()

    def forget_look(self) -> None:
        """Ask again at the next look, however fresh the last one is."""
        with self._lock:
            self._overview = None

    def look(self) -> Overview:
        """Return how everything is there, or was a moment ago."""
        with self._lock:
            now_s = self._clock.monotonic_s()
            if self._overview is None or now_s - self._looked_s > _FRESH_S:
                self._overview = Overview.model_validate_json(self.ask("GET", "/overview", b""))
                self._looked_s = now_s
            return self._overview

    def status(self, resource_id: str) -> InstanceStatus | None:
        """Return how an instance is there; None when there is no such one."""
        known = self.look().instances
        return next((one for one in known if one.resource_id == resource_id), None)

    def ask(self, method: str, path: str, body: bytes) -> bytes:
        """Ask until there is an answer, and return it.

        Raises:
            Stuck: there is none for too long.
        """
        deadline_s = self._clock.monotonic_s() + _PATIENCE_S
        while True:
            try:
                answer = self._http.request(method, path, content=body)
            except httpx.TransportError as error:
                if self._clock.monotonic_s() > deadline_s:
                    raise Stuck("the databases' service does not answer", retryable=True) from error
                self._clock.sleep(_PAUSE_S)
                continue
            if answer.status_code == _REFUSED:
                raise refusal(BAD_COMBINATION, str(answer.json()["error"]))
            answer.raise_for_status()
            return answer.content


def _facts(database: DatabaseFacts) -> Facts:
    return Facts(
        resource_id=database.resource_id,
        region=database.region,
        identifier=database.identifier,
        engine=database.engine,
        engine_version=database.engine_version,
        db_name=database.db_name,
        master_username=database.master_username,
        master_password=SecretStr(database.master_password.reveal()),
        storage_gib=database.storage_gib,
        backup_retention_days=database.backup_retention_days,
        parameters=dict(database.parameters),
        source_resource_id=database.source_resource_id,
        multi_az=database.multi_az,
    )
