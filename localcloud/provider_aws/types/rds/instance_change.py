"""What to tell ModifyDBInstance so that an instance becomes what the program wants. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.types.rds.instance_arguments import MODIFYING

_OFF: Properties = {
    "deletionProtection": False,
    "enabledCloudwatchLogsExports": [],
    "iamDatabaseAuthenticationEnabled": False,
    "manageMasterUserPassword": False,
}
"""What leaving a property out means where it does not mean "as it is"."""

_SETS = ("enabledCloudwatchLogsExports", "vpcSecurityGroupIds")
_STORAGE = ("AllocatedStorage", "Iops", "StorageThroughput", "StorageType")
_INSIGHTS = (
    "performanceInsightsEnabled",
    "performanceInsightsKmsKeyId",
    "performanceInsightsRetentionPeriod",
)
_PASSWORD = "MasterUserPassword"  # noqa: S105  # the name of an argument
_PASSWORDS = frozenset({"password", "passwordWo", "passwordWoVersion"})
_BY_THEMSELVES = frozenset({"password", "passwordWo", "maxAllocatedStorage"})


def modification(shown: Properties, wanted: Properties, names: Iterable[str]) -> Properties:
    """Return the arguments that bring the named properties from what is shown to what is wanted.

    Args:
        shown: the instance as it is, see `instance_view.view`.
        wanted: the inputs.
        names: the properties in question; what RDS never shows is sent whenever it is named.
    """
    asked = frozenset(names)
    arguments: Properties = {}
    for name in sorted(asked & MODIFYING.keys() - _BY_THEMSELVES):
        value = wanted.get(name) if wanted.get(name) is not None else _OFF.get(name)
        if value is not None and not _is_so(name, shown.get(name), value):
            arguments[MODIFYING[name]] = value
    return {
        **_with_companions(arguments, wanted),
        **_log_exports(arguments, shown),
        **_storage_limit(shown, wanted, asked),
        **_password(wanted, asked),
    }


def _is_so(name: str, shown: Value, wanted: Value) -> bool:
    if name in _SETS:
        return set(shown or ()) == set(wanted)
    if isinstance(shown, str) and isinstance(wanted, str):
        shown, wanted = shown.lower(), wanted.lower()
        # Version 16 means any of its minor versions.
        return shown == wanted or (name == "engineVersion" and shown.startswith(f"{wanted}."))
    return bool(shown == wanted)


def _with_companions(arguments: Properties, wanted: Properties) -> Properties:
    """Add what RDS wants to be told together."""
    told = {name: value for name, value in arguments.items() if name != "EnableCloudwatchLogsExports"}
    if not told.keys().isdisjoint(_STORAGE):
        together = ("allocatedStorage", "iops", "storageThroughput")
        told |= {MODIFYING[name]: wanted[name] for name in together if wanted.get(name)}
    if not told.keys().isdisjoint(MODIFYING[name] for name in _INSIGHTS):
        told |= {MODIFYING[name]: wanted[name] for name in _INSIGHTS if wanted.get(name)}
    if "EngineVersion" in told:
        told["AllowMajorVersionUpgrade"] = bool(wanted.get("allowMajorVersionUpgrade"))
    return told


def _log_exports(arguments: Properties, shown: Properties) -> Properties:
    wanted = arguments.get("EnableCloudwatchLogsExports")
    if wanted is None:
        return {}
    present = set(shown.get("enabledCloudwatchLogsExports") or ())
    return {
        "CloudwatchLogsExportConfiguration": {
            "EnableLogTypes": sorted(set(wanted) - present),
            "DisableLogTypes": sorted(present - set(wanted)),
        }
    }


def _storage_limit(shown: Properties, wanted: Properties, asked: frozenset[str]) -> Properties:
    if "maxAllocatedStorage" not in asked:
        return {}
    # A limit that equals the storage is how RDS is told not to let it grow; then it shows none.
    present = shown.get("maxAllocatedStorage") or shown.get("allocatedStorage")
    limit = wanted.get("maxAllocatedStorage") or wanted.get("allocatedStorage") or present
    return {} if limit == present else {"MaxAllocatedStorage": limit}


def _password(wanted: Properties, asked: frozenset[str]) -> Properties:
    password = wanted.get("passwordWo") or wanted.get("password")
    return {_PASSWORD: password} if password and not asked.isdisjoint(_PASSWORDS) else {}
