"""The secrets an app gets when it is tried against a restored copy: the versions the backup names.

Values are read at the last moment and live in memory only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from lifeboat.core.contract import Contract, SecretEntry
from lifeboat.core.contract_fly import FlyApp, FlySecret
from lifeboat.core.errors import ConfigError, Refused
from lifeboat.core.secret import Secret
from scripts.actions.backup_app import GatheredSecrets
from scripts.backup.manifest import Manifest

_GONE = frozenset({"ResourceNotFoundException", "InvalidRequestException"})
_VALUE = "{value}"


def app_of(contract: Contract, name: str) -> FlyApp | None:
    """Return the app whose secrets are meant; None when the product has none on Fly.

    Args:
        contract: the environment.
        name: of the app; empty for the only one.

    Raises:
        ConfigError: there is no such app, or several and none was named.
    """
    apps = contract.fly.apps if contract.fly else {}
    if name:
        found = next((app for key, app in apps.items() if name in (key, app.name)), None)
        if found is None:
            raise ConfigError(
                f"--app: there is no app {name!r}", hint=f"there are: {', '.join(apps) or 'none'}"
            )
        return found
    if len(apps) > 1:
        raise ConfigError("--app: which one?", hint=f"there are: {', '.join(apps)}")
    return next(iter(apps.values()), None)


def roles_of(contract: Contract, app: FlyApp | None) -> dict[str, str]:
    """Return the database roles whose passwords an app gets, by the name of the variable."""
    entries = _entries(contract)
    found = {}
    for name, secret in (app.secrets if app else {}).items():
        entry = entries.get(secret.secret)
        if entry is not None and entry.database_role:
            found[name] = entry.database_role
    return found


def gather_secrets(
    contract: Contract, app: FlyApp | None, clients: Callable[[str], Any], manifest: Manifest
) -> GatheredSecrets:
    """Return the values of an app's secrets but those of database roles.

    Raises:
        Refused: one cannot be read in any region.

    Effects: reads secret values.
    """
    entries, notes, values = _entries(contract), [], {}
    for name, secret in (app.secrets if app else {}).items():
        entry = entries.get(secret.secret)
        if entry is not None and entry.database_role:
            continue
        version = manifest.restore_set.secret_versions.get(secret.secret)
        value, taken = _value(clients, secret, _regions(contract, entry, secret), version)
        if version is None or taken != version:
            why = "is not in the restore set" if version is None else f"{version} is gone"
            notes.append(f"secret {secret.secret}: its version {why}, the current one was taken")
        values[name] = _filled(secret, value)
        _check(contract, secret, values[name])
    return GatheredSecrets(values=values, notes=tuple(notes))


def _value(
    clients: Callable[[str], Any], secret: FlySecret, regions: Sequence[str], version: str | None
) -> tuple[Secret, str]:
    """Return a value and its version: the wanted one from whichever region has it, else the current one."""
    reasons = []
    for wanted in ([{"VersionId": version}] if version else []) + [{}]:
        for region in regions:
            try:
                answer = clients(region).get_secret_value(SecretId=secret.secret, **wanted)
                return Secret(answer["SecretString"]), str(answer["VersionId"])
            except ClientError as error:
                code = str(error.response["Error"]["Code"])
                if not (wanted and code in _GONE):
                    reasons.append(f"{region}: {code}")
            except BotoCoreError as error:
                reasons.append(f"{region}: {type(error).__name__}")
    raise Refused(f"secret {secret.secret}: not readable in any region\n" + "\n".join(reasons))


def _filled(secret: FlySecret, value: Secret) -> Secret:
    if secret.template is None:
        return value
    return Secret(secret.template.replace(_VALUE, quote(value.reveal(), safe="")))


def _check(contract: Contract, secret: FlySecret, value: Secret) -> None:
    """Refuse a value that leads to a database of the environment: the app must not reach one."""
    for database in contract.databases.values():
        is_here = database.address in {"127.0.0.1", "localhost"}
        place = f"{database.address}:{database.port}" if is_here else database.address
        if place in value.reveal():
            raise Refused(
                f"secret {secret.secret}: leads to {database.identifier}, which no rehearsal may reach",
                hint="declare whose password it is (database_role), and the copy takes its place",
            )


def _entries(contract: Contract) -> dict[str, SecretEntry]:
    return {entry.name: entry for entry in contract.secrets.values()}


def _regions(contract: Contract, entry: SecretEntry | None, secret: FlySecret) -> list[str]:
    primary = contract.topology.primary_region
    return sorted(entry.arns if entry else secret.regions, key=lambda region: region != primary)
