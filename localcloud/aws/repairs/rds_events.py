"""What happens to databases is told: as events, when it is over, and to the subscriptions' topics.

Stock moto records creations and backups only, ignores the time asked for, and publishes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.events import KINDS, NAMED_BY_MOTO, chosen_events, forget_old, notification, wants
from localcloud.aws.repairs.rds_life_cycle import is_busy
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_DUE = "lifeboat_events_due"
_STATE = "lifeboat_state_told"
_OF_STATES = {"storage-full": "RDS-EVENT-0007", "failed": "RDS-EVENT-0031"}
_AFTER = {
    "reboot_db_instance": "RDS-EVENT-0006",
    "stop_db_instance": "RDS-EVENT-0087",
    "start_db_instance": "RDS-EVENT-0088",
    "restore_db_instance_to_point_in_time": "RDS-EVENT-0019",
    "restore_db_instance_from_db_snapshot": "RDS-EVENT-0043",
    "create_db_snapshot": "RDS-EVENT-0042",
}
_SUBJECT = "RDS Notification Message"
_log = logging.getLogger(__name__)


def _patch_models(models: MotoObject, world: World) -> None:
    backend_class = models.RDSBackend
    models.Event.EVENT_MAP |= {
        name: {"Categories": [kind.category], "Message": kind.message} for name, kind in KINDS.items()
    }

    def add(self: MotoObject, event_type: str, resource: MotoObject) -> None:
        event = models.Event(event_type, resource)
        self.events.append(event)
        forget_old(self.events, world.clock.now())
        _publish(self, event, NAMED_BY_MOTO.get(event_type, event_type), world)

    def describe(
        self: MotoObject,
        source_identifier: str | None = None,
        source_type: str | None = None,
        **given: MotoObject,
    ) -> list[MotoObject]:
        if source_identifier is not None and source_type is None:
            message = "Cannot specify source identifier without source type"
            raise models.InvalidParameterCombination(message)
        _tell_due(self)
        about = {"source_identifier": source_identifier, "source_type": source_type, **given}
        return chosen_events(self.events, about, world.clock.now())

    backend_class.add_event, backend_class.describe_events = add, describe
    world.background.register("rds-events", lambda: _tell_everywhere(models))


def _patch_changes(models: MotoObject, _world: World) -> None:
    update = models.DBInstance.update

    def change(self: MotoObject, **settings: MotoObject) -> None:
        before = _looks(self)
        update(self, **settings)
        for name in _told_of(before, _looks(self)):
            _is_due(self, name)
        if settings.get("master_user_password"):
            _is_due(self, "RDS-EVENT-0016")

    models.DBInstance.update = change


def _looks(database: MotoObject) -> tuple[object, ...]:
    return (
        database.db_instance_class,
        database.allocated_storage,
        database.db_parameter_group_name,
        bool(database.multi_az),
        bool(database.backup_retention_period),
    )


def _told_of(before: tuple[object, ...], after: tuple[object, ...]) -> Iterator[str]:
    """Yield the events of what is different now."""
    on, off = ("RDS-EVENT-0025", "RDS-EVENT-0032"), ("RDS-EVENT-0029", "RDS-EVENT-0028")
    names = ("RDS-EVENT-0014", "RDS-EVENT-0017", "RDS-EVENT-0011")
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            switch = place - len(names)
            yield names[place] if switch < 0 else (on if new else off)[switch]


def _is_due(thing: MotoObject, name: str) -> None:
    """Have an event told when what is at work on a database or a snapshot is over."""
    thing.__dict__[_DUE] = [*thing.__dict__.get(_DUE, []), name]


def _patch_responses(responses: MotoObject, _world: World) -> None:
    response = responses.RDSResponse
    for operation, name in _AFTER.items():
        _tell_after(response, operation, name)
    delete = response.delete_db_instance

    def delete_told(self: MotoObject) -> MotoObject:
        # What is still due would be gone with the database.
        _tell_due(self.backend)
        return delete(self)

    response.delete_db_instance = delete_told


def _tell_after(response: MotoObject, operation: str, name: str) -> None:
    original: Callable[[MotoObject], MotoObject] = getattr(response, operation)

    def answer(self: MotoObject) -> MotoObject:
        result = original(self)
        (thing,) = result.result.values()
        if operation == "create_db_snapshot":
            thing.add_event("RDS-EVENT-0040")
        _is_due(thing, name)
        return result

    setattr(response, operation, answer)


def _tell_everywhere(models: MotoObject) -> bool:
    return any([_tell_due(backend) for _, _, backend in list(models.rds_backends.iter_backends())])


def _tell_due(backend: MotoObject) -> bool:
    has_told = False
    for thing in [*backend.databases.values(), *backend.database_snapshots.values()]:
        if thing.__dict__.get(_DUE) and not is_busy(thing):
            for name in thing.__dict__.pop(_DUE):
                thing.add_event(name)
            has_told = True
    for database in list(backend.databases.values()):
        has_told |= _tell_of_state(database)
    return has_told


def _tell_of_state(database: MotoObject) -> bool:
    """Tell, once, of a state that nobody asked for."""
    told, state = database.__dict__.get(_STATE, ""), str(database.status)
    state = state if state in _OF_STATES else ""
    if state == told:
        return False
    database.__dict__[_STATE] = state
    if state:
        database.add_event(_OF_STATES[state])
    return True


def _publish(backend: MotoObject, event: MotoObject, event_id: str, world: World) -> None:
    topics = [one.sns_topic_arn for one in backend.event_subscriptions.values() if wants(one, event)]
    if not topics or world.faults.is_region_down(backend.region_name):
        return
    from moto.core.exceptions import ServiceException
    from moto.sns.models import sns_backends

    message = notification(event, event_id, backend.region_name)
    for arn in topics:
        try:
            sns_backends[backend.account_id][arn.split(":")[3]].publish(message, arn=arn, subject=_SUBJECT)
        except (ServiceException, LookupError) as error:
            # A topic that is gone: RDS marks the subscription and goes on.
            _log.warning("an event of %s was not published to %s: %s", event.source_identifier, arn, error)


REPAIR = Repair(
    name="rds_events",
    service="rds",
    what="events were of creations and backups only, of any time, and never published to subscriptions",
    operations=("DescribeEvents", "CreateEventSubscription"),
    patches=(
        ("moto.rds.models", _patch_models),
        ("moto.rds.models", _patch_changes),
        ("moto.rds.responses", _patch_responses),
    ),
)
