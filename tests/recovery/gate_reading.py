"""What a request to AWS wants to change, read from its wire form; nothing for a read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

_READING = ("Describe", "Get", "List", "Assume")
_CREATING = ("Create", "Restore", "Copy", "Start")
_TARGETS = (
    "TargetDBInstanceIdentifier",
    "TargetDBSnapshotIdentifier",
    "DBSnapshotIdentifier",
    "DBInstanceIdentifier",
    "ResourceName",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A change.

    Args:
        name: what is done to what, as `rds CreateDBSnapshot NAME` or `s3 PUT BUCKET/KEY`.
        parameters: of a call to RDS.
        creates: whether something new comes of it that costs or has to be found again.
    """

    name: str
    parameters: Mapping[str, str]
    creates: bool


def read_request(
    method: str, path: str, headers: Mapping[str, str], body: bytes, query: str = ""
) -> Asked | None:
    """Return what a request changes, or None when it only reads or gives a sign of life."""
    service = _service(headers)
    if service == "s3":
        return _of_s3(method, path, body, query)
    target = headers.get("x-amz-target", "")
    if target:
        action = target.rsplit(".", maxsplit=1)[-1]
        return None if action.startswith(_READING) else _call(service, action, {})
    given = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    action = given.get("Action", "")
    if method == "GET" or action.startswith(_READING):
        return None
    return _call(service, action or f"{method} {path}", given)


def _call(service: str, action: str, given: Mapping[str, str]) -> Asked:
    named = next((given[name] for name in _TARGETS if name in given), "")
    return Asked(
        name=f"{service} {action} {named}".strip(), parameters=given, creates=action.startswith(_CREATING)
    )


def _of_s3(method: str, path: str, body: bytes, query: str) -> Asked | None:
    if method in {"GET", "HEAD"} or ("/leases/" in path and _is_sign_of_life(body)):
        return None
    return Asked(
        name=f"s3 {method} {path.lstrip('/')}{'?' + query if query else ''}", parameters={}, creates=False
    )


def _is_sign_of_life(body: bytes) -> bool:
    record = json.loads(body)
    return bool(record["beats"]) and record["hold"] == "held"


def _service(headers: Mapping[str, str]) -> str:
    scope = headers.get("authorization", "").partition("Credential=")[2].partition(",")[0]
    return scope.split("/")[3] if scope.count("/") >= 3 else "unsigned"  # key/date/region/service
