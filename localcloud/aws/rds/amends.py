"""What has to be told again after one of both sides was killed: pure comparisons of what each one knows."""

from __future__ import annotations

from localcloud.aws.rds.facts import DatabaseFacts
from localcloud.postgres.wire import InstanceStatus


def operations_to_repeat(database: DatabaseFacts, status: InstanceStatus) -> tuple[str, ...]:
    """Return the operations that bring an instance of the service to what is known of its database here.

    A change is always among them: whether settings or a password differ only the service can tell.
    """
    operations = []
    if status.identifier != database.identifier:
        operations.append("rename")
    if database.source_resource_id is None and status.source_resource_id is not None:
        operations.append("promote")
    return (*operations, "modify")


def is_parted(database: DatabaseFacts, status: InstanceStatus) -> bool:
    """Tell whether a database is a replica here and none there: a promotion cannot be taken back."""
    return database.source_resource_id is not None and status.source_resource_id is None
