"""What every step kind of a database restore works with, and what they all do first: find their instance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

from lifeboat.core.errors import Refused, StepFailed
from lifeboat.core.secret import Secret
from lifeboat.fly.client import FlyClient
from scripts.actions.backup_login import Login, read_master
from scripts.actions.backup_store import open_backup_store
from scripts.actions.database_sessions import Sessions
from scripts.actions.load_copy import Loads
from scripts.actions.load_job import Loaded, LoadJob
from scripts.actions.pulumi_stacks import Stacks
from scripts.actions.secret_value import read_version
from scripts.backup.store import BackupStore
from scripts.engine.context import Context
from scripts.engine.found import Found, underway
from scripts.engine.json_values import JsonObject
from scripts.engine.step import Step
from scripts.observe.app_health import AppHealth
from scripts.observe.aws import Clients, NoAnswer, asking
from scripts.observe.databases import AVAILABLE, find_instance
from scripts.observe.instance import SeenInstance
from scripts.observe.secret_state import CURRENT, observe_secret

RESTORED_BY = "restore"
"""Id of the step whose result names the new instance."""
_BROKEN = frozenset(
    {
        "failed",
        "inaccessible-encryption-credentials",
        "incompatible-network",
        "incompatible-option-group",
        "incompatible-parameters",
        "incompatible-restore",
        "restore-error",
        "storage-full",
    }
)


OpenBackups = Callable[[str, str, str], BackupStore]
"""Returns the backups of an environment in a bucket of a region."""


class Loading(Protocol):
    """What the step kinds need of loading logical copies."""

    def mark(self, login: Login, database: str) -> str:
        """Return the mark of a database; empty without one."""
        ...

    def load(self, job: LoadJob) -> Loaded:
        """Load the copy, prove it and mark it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """AWS, the databases, who vouches for their certificates, Fly where the product is there, and Pulumi."""

    clients: Clients
    sessions: Sessions
    authority: str
    fly: Callable[[], FlyClient]
    health: Callable[[], AppHealth]
    stacks: Stacks
    backups: OpenBackups = open_backup_store
    loads: Loading = field(default_factory=Loads)

    def restored(self, step: Step, context: Context) -> SeenInstance:
        """Return the instance this run made, by the step that `made_by` names; else the restored one.

        Raises:
            StepFailed: it is gone.
        """
        made_by = str(step.parameters.get("made_by", RESTORED_BY))
        resource_id = str(context.results[made_by]["resource_id"])
        return self.instance(str(step.parameters["region"]), resource_id)

    def instance(self, region: str, resource_id: str) -> SeenInstance:
        """Return an instance by what never changes about it.

        Raises:
            StepFailed: it is gone.
        """
        found = find_instance(self.clients, region, resource_id=resource_id)
        if found is None:
            raise StepFailed(f"instance {resource_id} is not in {region} any more")
        return found

    def master(self, place: JsonObject, instance: SeenInstance) -> Login:
        """Return the login of the master user with the current value of its secret.

        Effects: reads the secret's value.
        """
        user, password = self.master_account(place)
        return self.login(instance, user, password)

    def master_account(self, place: JsonObject) -> tuple[str, Secret]:
        """Return the master user and the current value of its secret.

        Effects: reads the secret's value.
        """
        return read_master(
            lambda region: self.clients("secretsmanager", region),
            str(place["master_secret"]),
            _regions(place),
        )

    def reader(self, place: JsonObject, instance: SeenInstance) -> Login:
        """Return the login that may read the product's rows: the app's role, else the master user.

        RDS's master user is no superuser: tables of other roles are closed to it.
        """
        if not place.get("reader_role"):
            return self.master(place, instance)
        password = self.secret_value(place, str(place["reader_secret"]))
        return self.login(instance, str(place["reader_role"]), password)

    def login(self, instance: SeenInstance, user: str, password: Secret) -> Login:
        """Return a login at an instance's endpoint."""
        return Login(
            address=instance.address,
            port=instance.port,
            user=user,
            password=password,
            authority=self.authority,
        )

    def secret_value(self, place: JsonObject, name: str) -> Secret:
        """Return the current value of a secret from the first region that answers.

        Raises:
            Refused: none gave it.

        Effects: reads the secret's value.
        """
        reasons = []
        for region in _regions(place):
            client = self.clients("secretsmanager", region)
            try:
                with asking(f"secret {name} in {region}"):
                    version = observe_secret(client, name).current_version
                    if version is None:
                        reasons.append(f"{region}: has no value")
                        continue
                    return read_version(client, name, version, CURRENT)
            except NoAnswer as error:
                reasons.append(error.message)
        raise Refused(f"secret {name}: not readable in any region\n" + "\n".join(reasons))


def busy(instance: SeenInstance) -> Found | None:
    """Return `underway` while RDS is at work on an instance, None when it is available.

    Raises:
        StepFailed: it is in a state it never leaves by itself.
    """
    if instance.status in _BROKEN:
        raise StepFailed(f"instance {instance.identifier} is {instance.status}")
    if instance.status == AVAILABLE:
        return None
    return underway(f"{instance.identifier} is {instance.status}")


def seen(instance: SeenInstance) -> JsonObject:
    """Return what later steps need of an instance."""
    return {
        "identifier": instance.identifier,
        "resource_id": instance.resource_id,
        "address": instance.address,
        "port": instance.port,
    }


def texts(value: object) -> dict[str, str]:
    """Return a mapping of text out of a step's parameters."""
    return {str(name): str(text) for name, text in cast("Mapping[str, object]", value).items()}


def _regions(place: JsonObject) -> tuple[str, ...]:
    return tuple(str(region) for region in cast("tuple[object, ...]", place["secret_regions"]))
