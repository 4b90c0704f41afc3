"""What is wrong with an instance's inputs before anything is called: values, pairs, what only AWS can do.

Pure. As in the genuine provider, what an empty instance needs is not asked here but when it is made, because
a promoted replica goes on without it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.types.rds.name_rule import NameRule

NAMES = NameRule(
    key="identifier",
    prefix_key="identifierPrefix",
    longest=63,
    letters=("[0-9a-z-]", "lower-case letters, digits and hyphens are"),
)
_EXTENDED = "open-source-rds-extended-support"
_ONE_OF: Mapping[str, Collection[Value]] = {
    "databaseInsightsMode": ("advanced", "standard"),
    "engineLifecycleSupport": (_EXTENDED, f"{_EXTENDED}-disabled"),
    "monitoringInterval": (0, 1, 5, 10, 15, 30, 60),
    "networkType": ("DUAL", "IPV4"),
    "storageType": ("gp2", "gp3", "io1", "io2", "standard"),
}
_LOGS = (
    "agent",
    "alert",
    "audit",
    "diag.log",
    "error",
    "general",
    "iam-db-auth-error",
    "listener",
    "notify.log",
    "oemagent",
    "postgresql",
    "slowquery",
    "trace",
    "upgrade",
)
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"
_DAY = "(mon|tue|wed|thu|fri|sat|sun)"
_WRITTEN_AS: Mapping[str, tuple[str, str]] = {
    "backupWindow": (f"{_TIME}-{_TIME}", "hh24:mi-hh24:mi"),
    "maintenanceWindow": (f"(?i:{_DAY}:{_TIME}-{_DAY}:{_TIME})", "ddd:hh24:mi-ddd:hh24:mi"),
    "kmsKeyId": ("arn:.+", "an ARN"),
    "performanceInsightsKmsKeyId": ("arn:.+", "an ARN"),
    "finalSnapshotIdentifier": (
        "(?!.*--)[A-Za-z][0-9A-Za-z-]*(?<!-)",
        "a letter first, then letters, digits and single hyphens, none at the end",
    ),
}
_CONFLICTS = (
    ("dbName", "replicateSourceDb"),
    ("username", "replicateSourceDb"),
    ("characterSetName", "replicateSourceDb"),
    ("characterSetName", "restoreToPointInTime"),
    ("characterSetName", "snapshotIdentifier"),
    ("restoreToPointInTime", "replicateSourceDb"),
    ("restoreToPointInTime", "snapshotIdentifier"),
    ("password", "passwordWo"),
    ("manageMasterUserPassword", "password"),
    ("manageMasterUserPassword", "passwordWo"),
)
_PAIRS = (("passwordWo", "passwordWoVersion"), ("passwordWoVersion", "passwordWo"))
_ONLY_ON_AWS: Mapping[str, Collection[Value]] = {
    "backupTarget": ("region",),
    "customIamInstanceProfile": (),
    "customerOwnedIpEnabled": (False,),
    "dedicatedLogVolume": (False,),
    "domain": (),
    "domainAuthSecretArn": (),
    "domainDnsIps": (),
    "domainFqdn": (),
    "domainIamRoleName": (),
    "domainOu": (),
    "ncharCharacterSetName": (),
    "networkType": ("IPV4",),
    "replicaMode": (),
    "s3Import": (),
    "timezone": (),
    "upgradeStorageConfig": (),
    "warningEventCategories": (),
}
"""By property, the only values the local cloud can honour."""
_MOST_DAYS = 35


def check(inputs: Properties) -> Iterator[PropertyFailure]:
    """Find what is wrong; values may be UNKNOWN."""
    yield from NAMES.failures(inputs)
    yield from _values(inputs)
    yield from _pairs(inputs)
    yield from _point_in_time(inputs)
    yield from _beyond_the_local_cloud(inputs)


def _values(inputs: Properties) -> Iterator[PropertyFailure]:
    for name, allowed in _ONE_OF.items():
        if _known(inputs, name) and inputs[name] not in allowed:
            yield _failure(name, f"must be one of {', '.join(map(str, allowed))}, not {inputs[name]}")
    for name, (pattern, words) in _WRITTEN_AS.items():
        if _known(inputs, name) and not re.fullmatch(pattern, inputs[name]):
            yield _failure(name, f"must be written as {words}, not {inputs[name]!r}")
    days = inputs.get("backupRetentionPeriod")
    if isinstance(days, int) and not 0 <= days <= _MOST_DAYS:
        yield _failure("backupRetentionPeriod", f"must be 0 to {_MOST_DAYS} days, not {days}")
    logs = inputs.get("enabledCloudwatchLogsExports")
    for at, log in enumerate(logs if isinstance(logs, list) else ()):
        if isinstance(log, str) and log not in _LOGS:
            yield PropertyFailure.at(
                ("enabledCloudwatchLogsExports", at), f"must be one of {', '.join(_LOGS)}, not {log}"
            )


def _pairs(inputs: Properties) -> Iterator[PropertyFailure]:
    for one, other in _CONFLICTS:
        if _said(inputs, one) and _said(inputs, other):
            yield _failure(one, f"conflicts with {other}")
    for one, other in _PAIRS:
        if inputs.get(one) is not None and inputs.get(other) is None:
            yield _failure(other, f"missing, but required with {one}")


def _point_in_time(inputs: Properties) -> Iterator[PropertyFailure]:
    wanted = inputs.get("restoreToPointInTime")
    if not isinstance(wanted, dict):
        return
    moment = wanted.get("restoreTime")
    if moment and wanted.get("useLatestRestorableTime"):
        yield _failure("restoreToPointInTime.restoreTime", "conflicts with useLatestRestorableTime")
    if isinstance(moment, str) and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", moment):
        yield _failure(
            "restoreToPointInTime.restoreTime", f"must be a moment of UTC in RFC 3339, not {moment!r}"
        )


def _beyond_the_local_cloud(inputs: Properties) -> Iterator[PropertyFailure]:
    for name, honoured in _ONLY_ON_AWS.items():
        if _known(inputs, name) and inputs[name] not in honoured:
            yield _failure(name, "the local cloud does not support it")
    update = inputs.get("blueGreenUpdate")
    if isinstance(update, dict) and update.get("enabled"):
        yield _failure("blueGreenUpdate.enabled", "the local cloud has no blue/green deployments")


def _said(inputs: Properties, name: str) -> bool:
    return inputs.get(name) not in (None, "", False)


def _known(inputs: Properties, name: str) -> bool:
    return inputs.get(name) is not None and inputs[name] is not UNKNOWN


def _failure(path: str, reason: str) -> PropertyFailure:
    return PropertyFailure(path=path, reason=reason)
