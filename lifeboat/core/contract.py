"""The contract between the two flows: what an environment is made of.

    infra/outputs ─► stack output `lifeboat` + manifest object in the recovery region ─► scripts

It holds names, ARNs, addresses and objectives; never a secret value and never a moment (its age is the age of
the object that carries it, so that an unchanged environment writes an unchanged contract). Readers accept
their own `schema_version` only; a field is added with a default, everything else raises the version.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from lifeboat.core.contract_fly import Fly
from lifeboat.core.contract_part import Arn, Part, Region
from lifeboat.core.errors import ConfigError

SCHEMA_VERSION = 1
OUTPUT_NAME = "lifeboat"


class Topology(Part):
    """Where the environment lives; after a failover only `primary_region` differs."""

    regions: Annotated[list[Region], Field(min_length=2, max_length=2, description="home region first")]
    primary_region: Region
    recovery_region: Region


class Objectives(Part):
    """What was promised: at most this long down, at most this much data lost."""

    rto_minutes: Annotated[int, Field(gt=0)]
    rpo_minutes: Annotated[int, Field(gt=0)]


class Network(Part):
    """The network of one region."""

    vpc_id: str
    subnet_ids: list[str]
    security_group_id: str


class Database(Part):
    """One RDS instance and the settings a restore has to set again."""

    identifier: str
    arn: Arn
    resource_id: str
    role: Literal["primary", "replica"]
    address: str
    port: int
    engine_version: str
    instance_class: str
    multi_az: bool
    subnet_group: str
    parameter_group: str
    security_group_ids: list[str]
    kms_key_arn: Arn
    retention_days: Annotated[int, Field(ge=0)]
    deletion_protection: bool
    name: Annotated[str, Field(description="the PostgreSQL database made at creation")] = ""
    master_secret: Annotated[str, Field(description="name of the secret that holds the master password")]


class BackupBucket(Part):
    """The bucket that keeps one region's logical backups."""

    name: str
    arn: Arn
    kms_key_arn: Arn
    object_lock_days: Annotated[
        int | None, Field(description="default retention of Object Lock; null without a lock")
    ] = None


class Backups(Part):
    """Where backups lie, when they are made and how long they are kept."""

    buckets: dict[Region, BackupBucket]
    schedule: Annotated[str, Field(description="cron expression, UTC")]
    retention_days: Annotated[int, Field(gt=0)]
    replicated_from: Annotated[Region | None, Field(description="region whose bucket is replicated")]
    automated_backups_arn: Annotated[
        str | None, Field(description="replicated automated backups of the primary, in the recovery region")
    ]


class SecretEntry(Part):
    """A secret by name; its value is in Secrets Manager and nowhere else."""

    name: str
    arns: dict[Region, Arn]
    purpose: str
    rotation_days: int | None
    generated: bool
    database_role: Annotated[str | None, Field(description="PostgreSQL role whose password it is")] = None


class Alarms(Part):
    """Alarm names by region, and the topics they notify by region and severity."""

    names: dict[Region, list[str]]
    topics: dict[Region, dict[str, Arn]]


class ManifestLocation(Part):
    """Where this very document is kept for the day when nothing else can be reached."""

    bucket: str
    key: str
    region: Region


class Contract(Part):
    """Everything a recovery may rely on about one environment."""

    schema_version: Literal[1] = 1
    product: str
    environment: str
    stack: str
    account_id: str
    topology: Topology
    objectives: Objectives
    networks: dict[Region, Network]
    keys: Annotated[dict[str, dict[Region, Arn]], Field(description="KMS key ARNs by purpose and region")]
    databases: Annotated[dict[Region, Database], Field(description="empty when the product has no RDS")]
    backups: Backups
    secrets: dict[str, SecretEntry]
    alarms: Alarms
    roles: Annotated[dict[str, Arn], Field(description="IAM role ARNs by duty")]
    manifest: ManifestLocation
    fly: Annotated[Fly | None, Field(description="null when the product runs elsewhere")] = None


def parse_contract(document: object, *, source: str) -> Contract:
    """Read a contract out of decoded JSON.

    Args:
        document: what `json.loads` returned.
        source: where it came from, for the message.

    Raises:
        ConfigError: another schema version, or a document that does not fit; the message names each key path.
    """
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version != SCHEMA_VERSION:
        raise ConfigError(
            f"{source}: contract has schema version {version!r}, this lifeboat reads {SCHEMA_VERSION}",
            hint="use the release that provisioned the environment, or run `pulumi up` with this one",
        )
    try:
        return Contract.model_validate(document)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg'].lower()}" for e in error.errors()]
        raise ConfigError(f"{source}: not a valid contract\n" + "\n".join(lines)) from error


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of the contract, for readers in other languages and for the reference page."""
    return TypeAdapter(Contract).json_schema()
