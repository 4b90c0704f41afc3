"""What the local AWS cloud cannot show, per service: part of the coverage answer and of the explanation page.

A sentence here is a promise not kept; whoever repairs one removes it.
"""

from __future__ import annotations

EVERYWHERE: tuple[str, ...] = (
    "IAM is not enforced: any known key may do anything, and no trust policy is checked",
    "TLS is not spoken, and signatures and the expiry of presigned URLs are not checked",
    "quotas and throttling do not exist but as declared faults",
    "global services are not tied to us-east-1 unless a fault names that region",
)
"""Limits of all services."""

LIMITS: dict[str, tuple[str, ...]] = {
    "rds": (
        "a small PostgreSQL server stands for every class; its size and speed are this machine's",
        "a change of class or storage type takes no longer than any other, and restarts nothing",
        "minor engine versions are names: the server is of the minor version this machine has",
        "a major version cannot be upgraded: restore a dump into a new instance",
        "events are not sent to EventBridge, those of a rename or a promotion are missing",
        "Multi-AZ failover changes nothing that can be observed",
    ),
    "s3": (
        "nothing is encrypted; the key is noted, and a disabled or unknown key is accepted",
        "lifecycle rules are kept and never executed; inventories and access logs are not written",
        "conditions, single principals, public access blocks and ownership controls are not enforced",
        "the state file holds every body, so that a large bucket makes saving slow",
        "replication takes a fraction of a second; its metrics are not published",
    ),
    "kms": ("key policies and grants are not enforced", "the primary region of a key cannot be changed"),
    "secretsmanager": ("rotation functions are not run", "replicas follow at once, also in a lost region"),
    "cloudwatch": (
        "AWS publishes no metrics of its own here but the sizes of buckets: RDS and the others stay silent",
        "anomaly detection and metric math beyond arithmetic, IF and FILL are refused",
        "actions other than SNS topics are recorded as failed",
    ),
    "sns": (
        "e-mail and SMS are accepted and never sent; only loopback HTTP endpoints are contacted",
        "subscriptions are confirmed at once",
    ),
    "logs": ("metric filters emit nothing",),
    "iam": ("policies are kept as text; simulation is refused",),
    "ec2": ("networks have no machines: images, instance types and instances are refused",),
    "cloudtrail": ("trails record nothing and write no objects",),
    "budgets": ("spending is always zero, and no notification is sent",),
}
"""Limits by service."""
