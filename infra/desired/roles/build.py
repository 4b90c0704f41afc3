"""Puts trust, policy and boundary together into roles."""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.desired.buckets import REPLICATION_ROLE
from infra.desired.databases import MONITORING_ROLE
from infra.desired.model import DesiredManagedPolicy, DesiredRole
from infra.desired.policy_document import PolicyDocument, Statement
from infra.desired.reference import Text
from infra.desired.roles.backup import backup_policy
from infra.desired.roles.boundary import boundary_policy
from infra.desired.roles.breakglass import breakglass_policy
from infra.desired.roles.deploy import BOUNDARY, boundary_ref, deploy_policy
from infra.desired.roles.preview import preview_policy
from infra.desired.roles.restore import restore_policy
from infra.desired.roles.scope import RoleScope
from infra.desired.roles.services import MONITORING_POLICY, replication_policy
from infra.desired.roles.trust import by_people, by_pipeline, by_service

_HOUR_S = 3600
# RDS user guide, "Preventing cross-service confused deputy problems"; S3 documents no such condition.
_NAME_THE_ACCOUNT = frozenset({"monitoring.rds.amazonaws.com"})
# A restore and its verification outlast the usual hour.
_RECOVERY_S = 4 * _HOUR_S


def build_policies(config: EnvironmentConfig) -> tuple[DesiredManagedPolicy, ...]:
    """Return the permissions boundary."""
    scope = RoleScope.of(config)
    return (
        DesiredManagedPolicy(
            name=BOUNDARY,
            physical_name=scope.names.account(BOUNDARY),
            description=f"{scope.names.prefix}: what no role of this environment can do",
            document=boundary_policy(scope),
        ),
    )


def build_roles(config: EnvironmentConfig) -> tuple[DesiredRole, ...]:
    """Return the five roles, then those of services that this environment uses."""
    scope = RoleScope.of(config)
    return (*_five(scope, config.environment), *_service_roles(config, scope))


def _five(scope: RoleScope, environment: str) -> tuple[DesiredRole, ...]:
    def pipeline(claim: str) -> Statement:
        return by_pipeline(scope, claim)

    def environment_pipeline(suffix: str = "") -> Statement:
        return pipeline(f"environment:{environment}{suffix}")

    return (
        _role(scope, "preview", "previews pull requests", (pipeline("pull_request"),), preview_policy(scope)),
        _role(scope, "deploy", "provisions", (environment_pipeline(),), deploy_policy(scope)),
        _role(scope, "backup", "takes backups", (environment_pipeline("-backup"),), backup_policy(scope)),
        _role(
            scope,
            "restore",
            "recovers",
            (environment_pipeline("-restore"), by_people()),
            restore_policy(scope),
            max_session_s=_RECOVERY_S,
        ),
        _role(scope, "breakglass", "ends what nobody else may", (by_people(),), breakglass_policy(scope)),
    )


def _role(  # the parts of a role are these
    scope: RoleScope,
    noun: str,
    duty: str,
    trust: tuple[Statement, ...],
    policy: PolicyDocument,
    *,
    max_session_s: int = _HOUR_S,
) -> DesiredRole:
    return DesiredRole(
        name=f"role-{noun}",
        physical_name=scope.names.account(noun),
        description=f"{scope.names.prefix}: {duty}",
        trust=PolicyDocument(statements=trust),
        policy=policy,
        managed_policies=(),
        boundary=boundary_ref(),
        max_session_s=max_session_s,
    )


def _service_roles(config: EnvironmentConfig, scope: RoleScope) -> tuple[DesiredRole, ...]:
    roles = []
    if config.database is not None and config.database.monitoring_interval_s:
        roles.append(
            _service_role(
                scope, MONITORING_ROLE, "monitoring.rds.amazonaws.com", None, managed=(MONITORING_POLICY,)
            )
        )
    if config.backups.replication:
        policy = replication_policy(scope)
        roles.append(_service_role(scope, REPLICATION_ROLE, "s3.amazonaws.com", policy))
    return tuple(roles)


def _service_role(
    scope: RoleScope,
    name: str,
    service: str,
    policy: PolicyDocument | None,
    managed: tuple[Text, ...] = (),
) -> DesiredRole:
    return DesiredRole(
        name=name,
        physical_name=scope.names.account(name.removeprefix("role-")),
        description=f"{scope.names.prefix}: assumed by {service}",
        trust=by_service(service, names_account=service in _NAME_THE_ACCOUNT),
        policy=policy,
        managed_policies=managed,
        boundary=boundary_ref(),
        max_session_s=_HOUR_S,
    )
