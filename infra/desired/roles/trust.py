"""Who may assume a role: pipelines by OIDC claim, people by multi-factor sign-in, services by name."""

from __future__ import annotations

from infra.desired.policy_document import (
    Condition,
    Effect,
    PolicyDocument,
    Principal,
    PrincipalKind,
    Statement,
)
from infra.desired.reference import AccountId
from infra.desired.roles.scope import RoleScope
from infra.desired.statements import ACCOUNT_ROOT

_AUDIENCE = "sts.amazonaws.com"
_RECENT_S = "3600"


def by_pipeline(scope: RoleScope, claim: str) -> Statement:
    """Return the trust in a repository's pipeline.

    Args:
        scope: repository and provider.
        claim: last part of the subject: `pull_request`, `environment:production`.
    """
    provider = scope.oidc_provider
    return Statement(
        sid="Pipeline",
        effect=Effect.ALLOW,
        actions=("sts:AssumeRoleWithWebIdentity", "sts:TagSession"),
        principal=Principal(kind=PrincipalKind.FEDERATED, values=(scope.oidc_arn(),)),
        conditions=(
            Condition(operator="StringEquals", key=f"{provider}:aud", values=(_AUDIENCE,)),
            Condition(
                operator="StringEquals", key=f"{provider}:sub", values=(f"repo:{scope.repository}:{claim}",)
            ),
        ),
    )


def by_people() -> Statement:
    """Return the trust in people of the account who have signed in with two factors within the hour."""
    return Statement(
        sid="People",
        effect=Effect.ALLOW,
        actions=("sts:AssumeRole", "sts:TagSession"),
        principal=Principal(kind=PrincipalKind.AWS, values=(ACCOUNT_ROOT,)),
        conditions=(
            Condition(operator="Bool", key="aws:MultiFactorAuthPresent", values=("true",)),
            Condition(operator="NumericLessThan", key="aws:MultiFactorAuthAge", values=(_RECENT_S,)),
        ),
    )


def by_service(service: str, *, names_account: bool) -> PolicyDocument:
    """Return the trust in a service.

    Args:
        service: `s3.amazonaws.com`.
        names_account: demand that it acts for this account; only for services documented to say so, the
            others could never assume the role.
    """
    account = Condition(operator="StringEquals", key="aws:SourceAccount", values=(AccountId(),))
    return PolicyDocument(
        statements=(
            Statement(
                sid="Service",
                effect=Effect.ALLOW,
                actions=("sts:AssumeRole",),
                principal=Principal(kind=PrincipalKind.SERVICE, values=(service,)),
                conditions=(account,) if names_account else (),
            ),
        )
    )
