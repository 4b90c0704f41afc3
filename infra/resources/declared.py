"""Everything the program declared, by the model's names: what the outputs are read from."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from infra.resources.account import Account
from infra.resources.alarms import Alarms
from infra.resources.backups_replication import BackupsReplication
from infra.resources.bucket import Bucket
from infra.resources.bucket_seal import BucketSeal
from infra.resources.database import Database
from infra.resources.database_events import DatabaseEvents
from infra.resources.database_groups import DatabaseGroups
from infra.resources.egress_access import EgressAccess
from infra.resources.fly_app import FlyApp
from infra.resources.key import Key
from infra.resources.named_secrets import NamedSecrets
from infra.resources.network import Network
from infra.resources.roles import Roles
from infra.resources.scope import Scope
from infra.resources.topics import Topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The components of an environment.

    Args:
        scope: the provider and the resolver, which by now knows every reference of the model.
        keys: by the key's name; the rest by logical name.
        topics: by region; `groups` and `alarms` likewise.
    """

    scope: Scope
    keys: dict[str, Key]
    topics: dict[str, Topics]
    roles: Roles
    secrets: NamedSecrets
    buckets: dict[str, Bucket]
    seals: dict[str, BucketSeal]
    networks: dict[str, Network]
    groups: dict[str, DatabaseGroups]
    databases: dict[str, Database]
    fly_apps: dict[str, FlyApp]
    egress_access: EgressAccess | None
    backups_replications: tuple[BackupsReplication, ...]
    events: tuple[DatabaseEvents, ...]
    alarms: dict[str, Alarms]
    account: Account

    def components(self) -> tuple[pulumi.ComponentResource, ...]:
        """Return every component, for what must come after all of them."""
        return (
            *self.keys.values(),
            *self.topics.values(),
            self.roles,
            self.secrets,
            *self.buckets.values(),
            *self.seals.values(),
            *self.networks.values(),
            *self.groups.values(),
            *self.databases.values(),
            *self.fly_apps.values(),
            *([self.egress_access] if self.egress_access else []),
            *self.backups_replications,
            *self.events,
            *self.alarms.values(),
            self.account,
        )
