"""Both sides of the servers brought together: when this side begins, and after the other one was killed."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from localcloud.aws.rds.amends import is_parted, operations_to_repeat
from localcloud.aws.rds.facts import DatabaseFacts
from localcloud.aws.rds.service_line import ENGINE, ServiceLine
from localcloud.postgres.wire import InstanceStatus, Known, Origin, Overview, Regions

_log = logging.getLogger(__name__)


class Reunion:
    """Remembers what may be different on both sides.

    Attributes:
        lost: ARNs of snapshots that are known here and not there.
    """

    def __init__(self, line: ServiceLine) -> None:
        self._line = line
        self._parameters: dict[str, tuple[tuple[str, str], ...]] = {}
        self._run = ""
        self._unsettled: set[str] = set()
        self.lost: frozenset[str] = frozenset()

    def adopt(self, databases: Iterable[DatabaseFacts], snapshots: Iterable[str]) -> frozenset[str]:
        """Bring the service to what is known here; before any request is served.

        What it has beyond that, because this side was killed before it was saved, is moved aside there. What
        it does not have begins empty, which is said in the log: a cloud that was saved when databases were
        descriptions has such ones. One that was deleted there is not made again.

        Args:
            databases: all of them.
            snapshots: the ARNs of all snapshots.

        Returns:
            Resource ids of databases that are replicas here and were promoted there.

        Raises:
            Stuck: the service does not answer.
        """
        mine, arns = tuple(databases), frozenset(snapshots)
        names = frozenset(database.resource_id for database in mine)
        self._line.tell("/known", Known(instances=names, snapshots=arns))
        overview = self._line.look()
        self.lost = arns - set(overview.snapshots)
        self._run, self._unsettled = overview.run, set(names)
        known = {status.resource_id: status for status in overview.instances}
        for database in mine:
            if database.engine == ENGINE and database.resource_id not in known.keys() | overview.gone:
                _log.warning("database %s had no server: it begins empty", database.identifier)
                self._line.create(database, Origin())
        both = ((database, known.get(database.resource_id)) for database in mine)
        return frozenset(one.resource_id for one, status in both if status and is_parted(one, status))

    def settle(self, overview: Overview, databases: Iterable[DatabaseFacts], cut: frozenset[str]) -> None:
        """Cut regions off as they are here, and tell what no operation tells: parameters, facts again.

        Raises:
            Stuck: the service does not answer.
        """
        if cut != overview.cut_regions:
            self._line.tell("/regions", Regions(cut=cut))
        known = {status.resource_id: status for status in overview.instances}
        if overview.run != self._run:
            # It was killed perhaps, with work before it that nobody else remembers.
            self._run, self._unsettled = overview.run, set(known)
        for database in databases:
            status = known.get(database.resource_id)
            if status is not None:
                self._settle_one(database, status)

    def _settle_one(self, database: DatabaseFacts, status: InstanceStatus) -> None:
        if status.wants_facts:
            self._line.create(database, Origin())
        elif database.resource_id in self._unsettled and not status.state:
            self._unsettled.discard(database.resource_id)
            for operation in operations_to_repeat(database, status):
                self._line.change(database, operation)
        elif self._has_new_parameters(database):
            self._line.change(database, "modify")

    def _has_new_parameters(self, database: DatabaseFacts) -> bool:
        """Tell whether a parameter group was changed since the last look: no operation speaks of that."""
        told = self._parameters.setdefault(database.resource_id, database.parameters)
        self._parameters[database.resource_id] = database.parameters
        return told != database.parameters
