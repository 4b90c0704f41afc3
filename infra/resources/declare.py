"""Declares an environment: every component after those it refers to.

    account, partition ─► keys ─► topics ─► roles ─► secrets, buckets ─► databases ─► fly apps ─► alarms

Nothing here knows which cloud answers; that is the provider's and the credentials' business.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredAlarm, DesiredCompositeAlarm, DesiredDatabase, DesiredEnvironment
from infra.resources.account import Account
from infra.resources.alarms import Alarms
from infra.resources.backups_replication import BackupsReplication
from infra.resources.bucket import Bucket
from infra.resources.bucket_seal import BucketSeal
from infra.resources.database import Database
from infra.resources.database_events import DatabaseEvents
from infra.resources.database_groups import DatabaseGroups
from infra.resources.declared import Declared
from infra.resources.egress_access import EgressAccess
from infra.resources.fly_app import FlyApp
from infra.resources.key import Key
from infra.resources.named_secrets import NamedSecrets
from infra.resources.network import Network
from infra.resources.resolver import Resolver
from infra.resources.roles import Roles
from infra.resources.scope import Scope
from infra.resources.topics import Topics


def declare(desired: DesiredEnvironment, provider: aws.Provider) -> Declared:
    """Declare every resource of an environment but the manifest.

    Args:
        desired: what should be.
        provider: makes all of it.

    Returns:
        The components, whose attributes are outputs.
    """
    scope = _scope(provider)
    keys = {key.name: Key(key, scope) for key in desired.keys}
    topics = _topics(desired, scope)
    roles = Roles(desired.roles, desired.policies, scope)
    buckets = {bucket.name: Bucket(bucket, scope) for bucket in desired.buckets}
    seals = {bucket.name: BucketSeal(bucket, buckets, scope) for bucket in desired.buckets}
    networks = {network.name: Network(network, scope) for network in desired.networks}
    groups = _groups(desired, networks, scope)
    databases = _databases(desired, groups, scope)
    secrets = NamedSecrets(desired.secrets, scope)
    fly_apps = _fly_apps(desired, databases, secrets)
    return Declared(
        scope=scope,
        keys=keys,
        topics=topics,
        roles=roles,
        secrets=secrets,
        buckets=buckets,
        seals=seals,
        networks=networks,
        groups=groups,
        databases=databases,
        fly_apps=fly_apps,
        egress_access=_egress_access(desired, fly_apps, networks, scope),
        backups_replications=tuple(BackupsReplication(one, scope) for one in desired.backup_replications),
        events=_events(desired, databases, scope),
        alarms=_alarms(desired, scope),
        account=Account(desired.trail, desired.budget, seals, scope),
    )


def _scope(provider: aws.Provider) -> Scope:
    ask = pulumi.InvokeOutputOptions(provider=provider)
    account_id = aws.get_caller_identity_output(opts=ask).account_id
    partition = aws.get_partition_output(opts=ask).partition
    return Scope(provider=provider, account_id=account_id, resolver=Resolver(account_id, partition))


def _topics(desired: DesiredEnvironment, scope: Scope) -> dict[str, Topics]:
    regions = sorted({topic.region for topic in desired.topics})
    return {
        region: Topics(
            region,
            [topic for topic in desired.topics if topic.region == region],
            [route for route in desired.routes if route.region == region],
            scope,
        )
        for region in regions
    }


def _groups(
    desired: DesiredEnvironment, networks: dict[str, Network], scope: Scope
) -> dict[str, DatabaseGroups]:
    parameters = {group.region: group for group in desired.parameter_groups}
    return {
        subnets.region: DatabaseGroups(
            subnets, parameters[subnets.region], networks[subnets.network.name], scope
        )
        for subnets in desired.subnet_groups
    }


def _databases(
    desired: DesiredEnvironment, groups: dict[str, DatabaseGroups], scope: Scope
) -> dict[str, Database]:
    paired = any(database.source is not None for database in desired.databases)
    return {
        database.name: Database(database, groups[database.region], scope, paired=paired)
        for database in sorted(desired.databases, key=_is_replica)
    }


def _fly_apps(
    desired: DesiredEnvironment, databases: dict[str, Database], secrets: NamedSecrets
) -> dict[str, FlyApp]:
    places = {
        database.name: pulumi.Output.concat(
            databases[database.name].address, ":", databases[database.name].port.apply(str)
        )
        for database in desired.databases
    }
    return {app.name: FlyApp(app, places, secrets) for app in desired.fly_apps}


def _egress_access(
    desired: DesiredEnvironment, apps: dict[str, FlyApp], networks: dict[str, Network], scope: Scope
) -> EgressAccess | None:
    if not desired.egress_rules:
        return None
    egress = {name: one for app in apps.values() for name, one in app.egress.items()}
    return EgressAccess(desired.egress_rules, egress, networks, scope)


def _is_replica(database: DesiredDatabase) -> bool:
    """Sort key: a replica refers to its source, so sources come first."""
    return database.source is not None


def _events(
    desired: DesiredEnvironment, databases: dict[str, Database], scope: Scope
) -> tuple[DatabaseEvents, ...]:
    return tuple(
        DatabaseEvents(one, [databases[database.name] for database in one.databases], scope)
        for one in desired.event_subscriptions
    )


def _alarms(desired: DesiredEnvironment, scope: Scope) -> dict[str, Alarms]:
    every: list[DesiredAlarm | DesiredCompositeAlarm] = [*desired.alarms, *desired.composites]
    regions = sorted({alarm.region for alarm in every})
    return {
        region: Alarms(
            region,
            [alarm for alarm in desired.alarms if alarm.region == region],
            [composite for composite in desired.composites if composite.region == region],
            scope,
        )
        for region in regions
    }
