"""Which replication rules of a bucket take an object, and what becomes of its copy; pure.

Source: S3 user guide, "Replication configuration file elements": of the rules of one destination the one with
the highest priority decides; objects encrypted with KMS are taken only when the rule says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicationRule:
    """One enabled rule."""

    rule_id: str
    priority: int
    prefix: str
    tags: tuple[tuple[str, str], ...]
    destination: str
    storage_class: str | None
    replica_kms_key: str | None
    takes_kms: bool
    takes_delete_markers: bool

    def takes(self, key: str, tags: Mapping[str, str], *, is_kms: bool) -> bool:
        """Tell whether the rule takes an object."""
        has_tags = all(tags.get(name) == value for name, value in self.tags)
        return key.startswith(self.prefix) and has_tags and (self.takes_kms or not is_kms)


def rules_of(configuration: Mapping[str, Any] | None) -> tuple[ReplicationRule, ...]:
    """Read the enabled rules of a configuration as boto3 writes it, highest priority first."""
    enabled = [rule for rule in (configuration or {}).get("Rules", []) if rule.get("Status") == "Enabled"]
    return tuple(sorted(map(_rule, enabled), key=lambda rule: -rule.priority))


def deciding_rules(
    rules: tuple[ReplicationRule, ...], key: str, tags: Mapping[str, str], *, is_kms: bool
) -> tuple[ReplicationRule, ...]:
    """Return the rule that decides for each destination that gets a copy of an object."""
    chosen: dict[str, ReplicationRule] = {}
    for rule in rules:
        if rule.takes(key, tags, is_kms=is_kms):
            chosen.setdefault(rule.destination, rule)
    return tuple(chosen.values())


def _rule(rule: Mapping[str, Any]) -> ReplicationRule:
    destination = rule["Destination"]
    prefix, tags = _filter(rule)
    criteria = rule.get("SourceSelectionCriteria", {}).get("SseKmsEncryptedObjects", {})
    markers = rule.get("DeleteMarkerReplication", {})
    # The first version of the schema (a rule with Prefix and no Filter) replicates delete markers.
    default_markers = "Disabled" if "Filter" in rule else "Enabled"
    return ReplicationRule(
        rule_id=rule.get("ID", ""),
        priority=int(rule.get("Priority") or 0),
        prefix=prefix,
        tags=tags,
        destination=destination["Bucket"].rpartition(":::")[2],
        storage_class=destination.get("StorageClass"),
        replica_kms_key=destination.get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID"),
        takes_kms=criteria.get("Status") == "Enabled",
        takes_delete_markers=markers.get("Status", default_markers) == "Enabled",
    )


def _filter(rule: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    found = rule.get("Filter") or {}
    both = found.get("And") or {}
    tags = [*both.get("Tags", []), *([found["Tag"]] if found.get("Tag") else [])]
    prefix = found.get("Prefix") or both.get("Prefix") or rule.get("Prefix") or ""
    return prefix, tuple((tag["Key"], tag["Value"]) for tag in tags)
