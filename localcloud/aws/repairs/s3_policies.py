"""A bucket policy blocks only what it unconditionally denies to everybody.

Stock moto ignores Condition and takes any principal for everybody, so the statement "deny what is not TLS"
blocks every object call. Conditions and single principals are not evaluated here; they are kept and read
back.
"""

from __future__ import annotations

import json
from typing import Any

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.s3.refusal import s3_error
from localcloud.aws.world import World


def _patch(models: MotoObject, _world: World) -> None:
    decide, put = models.FakeBucket.get_permission, models.S3Backend.put_bucket_policy

    def decide_by_plain_statements(self: MotoObject, action: str, resource: str) -> MotoObject:
        if self.policy is None:
            return decide(self, action, resource)
        whole = self.policy
        try:
            self.policy = plain_statements(whole)
            return decide(self, action, resource)
        finally:
            self.policy = whole

    def put_readable(self: MotoObject, bucket_name: str, policy: bytes) -> None:
        if not _statements(policy):
            raise s3_error("MalformedPolicy", "Policies must be valid JSON and contain a Statement")
        put(self, bucket_name, policy)

    models.FakeBucket.get_permission = decide_by_plain_statements
    models.S3Backend.put_bucket_policy = put_readable


def plain_statements(policy: bytes) -> bytes | None:
    """Return the statements that apply to everybody without a condition; None when there are none."""
    plain = [one for one in _statements(policy) if "Condition" not in one and _is_everybody(one)]
    return json.dumps({"Version": "2012-10-17", "Statement": plain}).encode() if plain else None


def _statements(policy: bytes) -> list[dict[str, Any]]:
    try:
        found = json.loads(policy)
    except ValueError:
        return []
    statements = found.get("Statement", []) if isinstance(found, dict) else []
    return [statements] if isinstance(statements, dict) else list(statements)


def _is_everybody(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return "*" in (named if isinstance(named, list) else [named])


REPAIR = Repair(
    name="s3_policies",
    service="s3",
    what="a TLS-only bucket policy blocked every object call; conditional statements are kept, not enforced",
    operations=("PutBucketPolicy", "GetObject", "PutObject"),
    patches=(("moto.s3.models", _patch),),
)
