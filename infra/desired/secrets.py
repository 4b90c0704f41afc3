"""Builds the secrets: names, replicas and who may read; never a value."""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.config.secrets import SecretEntry
from infra.desired.keys import KeyPurpose, key_ref
from infra.desired.model import DesiredSecret, SecretReplica
from infra.desired.names import Names
from infra.desired.policy_document import PolicyDocument
from infra.desired.statements import deny_anyone, deny_plain_text, unless_principal

_READERS = ("backup", "restore", "breakglass")
_WRITERS = ("restore", "breakglass")
# An unprotected environment is destroyed and made again under the same names; a secret in its recovery window
# would keep its name taken.
_RECOVERY_DAYS, _RECOVERY_UNPROTECTED_DAYS = 30, 0


def secret_name(name: str) -> str:
    """Return the logical name of a secret by its name in the environment file."""
    return f"secret-{name}"


def build_secrets(config: EnvironmentConfig) -> tuple[DesiredSecret, ...]:
    """Return the secrets in the order of the environment file."""
    return tuple(_build(config, entry) for entry in config.secrets)


def _build(config: EnvironmentConfig, entry: SecretEntry) -> DesiredSecret:
    home, other = config.topology.regions
    names, name = Names.of(config), secret_name(entry.name)
    return DesiredSecret(
        name=name,
        physical_name=names.secret(entry.name),
        region=home,
        purpose=entry.purpose,
        description=f"{names.prefix}: {entry.purpose}",
        key=key_ref(KeyPurpose.SECRETS, home),
        replicas=(SecretReplica(region=other, key=key_ref(KeyPurpose.SECRETS, other)),),
        recovery_window_days=_RECOVERY_DAYS if config.protected else _RECOVERY_UNPROTECTED_DAYS,
        rotation_days=entry.rotation_days,
        generated=entry.generated,
        fly_name=entry.fly_name,
        database_role=entry.database_role,
        policy_name=f"{name}-policy",
        policy=_policy(names, protected=config.protected, handed_over=entry.fly_name is not None),
        protected=config.protected,
        retain_on_delete=config.protected,
    )


def _policy(names: Names, *, protected: bool, handed_over: bool) -> PolicyDocument:
    """Return who may not read, write or delete; in a protected environment that is everybody not named.

    What apps receive is read by the deploy role too, which hands it over.
    """
    statements = [deny_plain_text(("secretsmanager:*",), "*")]
    if protected:
        readers = unless_principal(*map(names.role_arn, (*_READERS, *(("deploy",) if handed_over else ()))))
        writers = unless_principal(*map(names.role_arn, _WRITERS))
        breakglass = unless_principal(names.role_arn("breakglass"))
        statements += [
            deny_anyone("OnlyTheseRead", ("secretsmanager:GetSecretValue",), "*", when=readers),
            deny_anyone("OnlyTheseWrite", ("secretsmanager:PutSecretValue",), "*", when=writers),
            deny_anyone("OnlyBreakglassDeletes", ("secretsmanager:DeleteSecret",), "*", when=breakglass),
        ]
    return PolicyDocument(statements=tuple(statements))
