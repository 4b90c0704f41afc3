"""Databases are measured once a minute, and CloudWatch of their region is told; stock moto tells it nothing.

Measuring may wait for a server that hangs, so it has a thread of its own; the next tick puts what it found.
A region that is cut off tells nothing. Data older than a few hours are forgotten: they are saved with all
the rest.
"""

from __future__ import annotations

import importlib
import logging
from collections import defaultdict
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Thread

import httpx

from lifeboat.core.errors import LifeboatError
from localcloud.aws.alarms.series import period_start
from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.metrics import NAMESPACE, PERIOD_S, Measured, metric_data
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_KEPT = timedelta(hours=3)
_log = logging.getLogger(__name__)

Found = tuple[Measured, ...]


class _Meter:
    """Measures at the beginning of every minute of the cloud's clock."""

    def __init__(self, models: MotoObject, world: World) -> None:
        self._models = models
        self._world = world
        self._found: SimpleQueue[Found] = SimpleQueue()
        self._measured_at: datetime | None = None
        self._thread: Thread | None = None

    def settle(self) -> bool:
        """Begin to measure when a minute has begun, and put what was measured since the last look."""
        minute = period_start(self._world.clock.now(), PERIOD_S)
        is_free = self._thread is None or not self._thread.is_alive()
        if minute != self._measured_at and is_free and self._databases():
            self._measured_at = minute
            self._thread = Thread(target=self._measure, name="rds-metrics", daemon=True)
            self._thread.start()
        try:
            self._put(self._found.get_nowait())
        except Empty:
            return False
        return True

    def _measure(self) -> None:
        try:
            self._found.put(self._world.servers.measure())
        except (LifeboatError, httpx.HTTPError) as error:
            _log.warning("databases were not measured: %s", error)

    def _put(self, found: Found) -> None:
        by_id = {one.resource_id: one for one in found}
        data: defaultdict[tuple[str, str], list[dict[str, object]]] = defaultdict(list)
        for database in self._databases():
            measured = by_id.get(database.dbi_resource_id)
            if measured is not None and not self._world.faults.is_region_down(database.region):
                name = str(database.db_instance_identifier)
                data[database.account_id, database.region] += metric_data(name, measured)
        if data:
            backends = importlib.import_module("moto.cloudwatch.models").cloudwatch_backends
            for (account_id, region), region_data in data.items():
                _put_data(backends[account_id][region], region_data, self._world)

    def _databases(self) -> list[MotoObject]:
        return [
            database
            for _, _, backend in self._models.rds_backends.iter_backends()
            for database in list(backend.databases.values())
            if not hasattr(database, "gone_at")
        ]


def _put_data(backend: MotoObject, data: list[dict[str, object]], world: World) -> None:
    oldest = world.clock.now().replace(tzinfo=None) - _KEPT
    backend.metric_data = [
        one
        for one in backend.metric_data
        if one.namespace != NAMESPACE or one.timestamp.replace(tzinfo=None) > oldest
    ]
    backend.put_metric_data(NAMESPACE, data)


def _patch(models: MotoObject, world: World) -> None:
    world.background.register("rds-metrics", _Meter(models, world).settle)


REPAIR = Repair(
    name="rds_metrics",
    service="cloudwatch",
    what="CloudWatch knew nothing of databases; it is told every minute what can be measured of them",
    operations=("GetMetricStatistics", "GetMetricData"),
    patches=(("moto.rds.models", _patch),),
)
