"""Lifecycle rules of the model in the words of the provider; pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from infra.desired.model import LifecycleRule


def lifecycle_rules(rules: Iterable[LifecycleRule]) -> list[dict[str, Any]]:
    """Return the rules as the provider takes them; what a rule does not say is absent."""
    return [_rule(rule) for rule in rules]


def _rule(rule: LifecycleRule) -> dict[str, Any]:
    arguments: dict[str, Any] = {"id": rule.id, "status": "Enabled", "filter": {"prefix": rule.prefix}}
    if rule.abort_multipart_days is not None:
        arguments["abort_incomplete_multipart_upload"] = {"days_after_initiation": rule.abort_multipart_days}
    if rule.expiration_days is not None:
        arguments["expiration"] = {"days": rule.expiration_days}
    if rule.noncurrent_transitions:
        arguments["noncurrent_version_transitions"] = [
            {"noncurrent_days": transition.days, "storage_class": transition.storage_class}
            for transition in rule.noncurrent_transitions
        ]
    if rule.noncurrent_expiration_days is not None:
        arguments["noncurrent_version_expiration"] = {"noncurrent_days": rule.noncurrent_expiration_days}
    return arguments
