"""Every reference of the model leads to something in the model."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.problem import Problem
from infra.desired.invariants.walk import walk
from infra.desired.model import DesiredEnvironment
from infra.desired.reference import (
    AccountId,
    BucketRef,
    DatabaseRef,
    KeyRef,
    NetworkRef,
    Partition,
    PolicyRef,
    Reference,
    RoleRef,
    SecretRef,
    TopicRef,
)


def reference_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield references that lead nowhere, each once."""
    known: dict[type, set[str]] = {
        BucketRef: {each.name for each in desired.buckets},
        DatabaseRef: {each.name for each in desired.databases},
        KeyRef: {each.name for each in desired.keys},
        NetworkRef: {each.name for each in desired.networks},
        PolicyRef: {each.name for each in desired.policies},
        RoleRef: {each.name for each in desired.roles},
        SecretRef: {each.name for each in desired.secrets},
        TopicRef: {each.name for each in desired.topics},
    }
    found = {each for each in walk(desired) if isinstance(each, Reference)}
    dangling = [
        (type(each).__name__, each.name)
        for each in found
        if not isinstance(each, AccountId | Partition) and each.name not in known[type(each)]
    ]
    for kind, name in sorted(dangling):
        yield Problem(
            path=(name,), message=f"is referred to as {kind.removesuffix('Ref').lower()} but is not there"
        )
    yield from _group_problems(desired)


def _group_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    groups = {each.name for each in desired.subnet_groups} | {each.name for each in desired.parameter_groups}
    for database in desired.databases:
        for name in (database.subnet_group, database.parameter_group):
            if name not in groups:
                yield Problem(path=(database.name,), message=f"stands in group {name}, which is not there")
