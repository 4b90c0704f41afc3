"""Nothing is public, and what listed addresses may reach is guarded as if it were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from ipaddress import IPv4Network

from infra.config.problem import Problem
from infra.desired.model import DesiredBucket, DesiredDatabase, DesiredEnvironment

_WIDEST_ADMITTED = 24
_FORCE_SSL = "rds.force_ssl"
_LONGEST_ROTATION_DAYS = 90


def exposure_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield what somebody could reach who should not."""
    for bucket in desired.buckets:
        yield from _bucket_problems(bucket)
    for group in desired.parameter_groups:
        settings = {parameter.name: parameter.value for parameter in group.parameters}
        if settings.get(_FORCE_SSL) != "1":
            yield Problem(path=(group.name, _FORCE_SSL), message="must be 1: databases speak TLS only")
    yield from _ingress_problems(desired)
    for database in desired.databases:
        if database.publicly_accessible:
            yield from _public_problems(desired, database)


def _bucket_problems(bucket: DesiredBucket) -> Iterator[Problem]:
    if not all(astuple(bucket.public_access_block)):
        yield Problem(path=(bucket.name,), message="can be made public")
    if bucket.object_ownership != "BucketOwnerEnforced":
        yield Problem(path=(bucket.name,), message="lets objects have access lists of their own")


def _ingress_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    for network in desired.networks:
        for rule in network.security_group.ingress:
            if IPv4Network(rule.cidr).prefixlen < _WIDEST_ADMITTED:
                message = f"admits {rule.cidr}, /{_WIDEST_ADMITTED} is the widest allowed"
                yield Problem(path=(rule.name,), message=message)


def _public_problems(desired: DesiredEnvironment, database: DesiredDatabase) -> Iterator[Problem]:
    """Yield what a database reachable over the internet lacks."""
    rotation = {secret.name: secret.rotation_days for secret in desired.secrets}
    network = {each.name: each for each in desired.networks}.get(database.network.name)
    egress = [rule for rule in desired.egress_rules if rule.network == database.network.name]
    watched = {dict(alarm.dimensions).get("DBInstanceIdentifier") for alarm in desired.alarms}
    for ok, message in (
        (network is not None and (network.security_group.ingress or egress), "admits nobody in particular"),
        (database.iam_authentication, "has no iam authentication"),
        (
            (rotation.get(database.master_secret.name) or _LONGEST_ROTATION_DAYS + 1)
            <= _LONGEST_ROTATION_DAYS,
            f"has a master password older than {_LONGEST_ROTATION_DAYS} days",
        ),
        (not desired.protected or database.physical_name in watched, "has no alarm"),
    ):
        if not ok:
            yield Problem(path=(database.name,), message=f"is reachable over the internet and {message}")
