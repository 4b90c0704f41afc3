"""What of a previewed `up` a recovery may not be called done with; pure.

After a swap the danger is not the run but the next `up`: a state that follows the old instance would rename,
replace or delete what was just recovered.
"""

from __future__ import annotations

from collections.abc import Iterable

from scripts.observe.stack_preview import PreviewedChange

INSTANCE = "aws:rds/instance:Instance"
REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
STATEFUL = frozenset(
    {
        INSTANCE,
        "aws:kms/key:Key",
        "aws:kms/replicaKey:ReplicaKey",
        "aws:s3/bucket:Bucket",
        "aws:secretsmanager/secret:Secret",
        "fly:index:App",
        "fly:index:Volume",
    }
)
"""What holds data, or what data cannot be read without."""

_LOSES = frozenset({"delete", "replace", "create-replacement", "delete-replaced", "discard-replaced"})
_TURNS = {INSTANCE: ("identifier", "replicateSourceDb")}


def dangers(changes: Iterable[PreviewedChange]) -> tuple[str, ...]:
    """Return, a line each, the changes after which data or the recovered endpoint would be gone."""
    found = []
    for change in changes:
        if change.type not in STATEFUL:
            continue
        turned = [name for name in _TURNS.get(change.type, ()) if name in change.properties]
        if change.operation in _LOSES:
            found.append(f"the next `pulumi up` would {change.operation} {change.name}")
        elif change.operation == "create" and change.type == INSTANCE:
            found.append(f"the next `pulumi up` would create {change.name}, which the state does not follow")
        elif change.operation == "update" and turned:
            found.append(f"the next `pulumi up` would change {', '.join(turned)} of {change.name}")
    return tuple(sorted(set(found)))
