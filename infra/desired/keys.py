"""Builds the multi-region keys, one per purpose, and their policies."""

from __future__ import annotations

from enum import StrEnum

from infra.config import EnvironmentConfig
from infra.desired.model import DesiredKey, KeyCopy
from infra.desired.names import Names
from infra.desired.policy_document import (
    Condition,
    Effect,
    PolicyDocument,
    Principal,
    PrincipalKind,
    Statement,
)
from infra.desired.reference import KeyRef, arn
from infra.desired.statements import (
    ACCOUNT_ROOT,
    allow_service,
    deny_anyone,
    of_this_account,
    unless_principal,
)


class KeyPurpose(StrEnum):
    """What a key encrypts; one each, so that a right to one is no right to another."""

    DATABASE = "database"
    BACKUPS = "backups"
    SECRETS = "secrets"
    OPERATIONS = "operations"


_WHAT = {
    KeyPurpose.DATABASE: "databases, their snapshots and replicated backups",
    KeyPurpose.BACKUPS: "objects of the backup buckets",
    KeyPurpose.SECRETS: "secrets and their replicas",
    KeyPurpose.OPERATIONS: "notifications, logs and the audit trail",
}
_USE = ("kms:Decrypt", "kms:GenerateDataKey*")
_USE_BY_LOGS = ("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*")
_DELETION_WINDOW_DAYS, _DELETION_WINDOW_UNPROTECTED_DAYS = 30, 7


def key_ref(purpose: KeyPurpose, region: str) -> KeyRef:
    """Return the reference to a key's copy in a region."""
    return KeyRef(purpose.value, region)


def build_keys(config: EnvironmentConfig) -> tuple[DesiredKey, ...]:
    """Return the keys of an environment; without a database there is no key for one."""
    purposes = [each for each in KeyPurpose if each is not KeyPurpose.DATABASE or config.database is not None]
    return tuple(_build_key(config, purpose) for purpose in purposes)


def _build_key(config: EnvironmentConfig, purpose: KeyPurpose) -> DesiredKey:
    names = Names.of(config)
    home, other = config.topology.regions
    return DesiredKey(
        name=purpose.value,
        alias=names.alias(purpose.value),
        description=f"{names.prefix}: {_WHAT[purpose]}",
        primary=_copy(purpose, home),
        replicas=(_copy(purpose, other),),
        policy=_policy(config, purpose),
        protected=config.protected,
        retain_on_delete=config.protected,
        deletion_window_days=(
            _DELETION_WINDOW_DAYS if config.protected else _DELETION_WINDOW_UNPROTECTED_DAYS
        ),
    )


def _copy(purpose: KeyPurpose, region: str) -> KeyCopy:
    return KeyCopy(
        name=f"key-{purpose.value}-{region}", alias_name=f"key-{purpose.value}-{region}-alias", region=region
    )


def _policy(config: EnvironmentConfig, purpose: KeyPurpose) -> PolicyDocument:
    """Return the policy: IAM decides who uses the key, nobody but break-glass ends it.

    The account as principal, rather than roles, keeps the key usable when a role is made anew.
    """
    statements = [
        Statement(
            sid="IamDecides",
            effect=Effect.ALLOW,
            actions=("kms:*",),
            principal=Principal(kind=PrincipalKind.AWS, values=(ACCOUNT_ROOT,)),
            resources=("*",),
        )
    ]
    if config.protected:
        breakglass = Names.of(config).role_arn("breakglass")
        statements.append(
            deny_anyone(
                "OnlyBreakglassEndsTheKey",
                ("kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:DisableKeyRotation"),
                "*",
                when=unless_principal(breakglass),
            )
        )
    if purpose is KeyPurpose.OPERATIONS:
        statements += _service_statements(config)
    return PolicyDocument(statements=tuple(statements))


def _service_statements(config: EnvironmentConfig) -> list[Statement]:
    """Return what CloudWatch, RDS events, CloudWatch Logs and CloudTrail need to use the key."""
    trail = Condition(
        operator="StringLike",
        key="kms:EncryptionContext:aws:cloudtrail:arn",
        values=(arn("cloudtrail", "*", "trail/*"),),
    )
    return [
        allow_service("Alarms", "cloudwatch.amazonaws.com", _USE, "*", when=of_this_account()),
        allow_service("DatabaseEvents", "events.rds.amazonaws.com", _USE, "*", when=of_this_account()),
        allow_service("Trail", "cloudtrail.amazonaws.com", ("kms:GenerateDataKey*",), "*", when=(trail,)),
        allow_service("TrailLooks", "cloudtrail.amazonaws.com", ("kms:DescribeKey",), "*"),
        *(_logs_statement(region) for region in config.topology.regions),
    ]


def _logs_statement(region: str) -> Statement:
    groups = Condition(
        operator="ArnLike",
        key="kms:EncryptionContext:aws:logs:arn",
        values=(arn("logs", region, "log-group:*"),),
    )
    sid = "Logs" + "".join(part.capitalize() for part in region.split("-"))
    return allow_service(sid, f"logs.{region}.amazonaws.com", _USE_BY_LOGS, "*", when=(groups,))
