"""KMS keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.provider_aws.conftest import DEFAULT_TAGS, OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live

KEY = "aws:kms/key:Key"


def _policy(principal: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_a_key_lives(resource: MakeResource, sessions: CountingSessions, boto: Callable[..., Any]) -> None:
    outputs = live(
        resource(KEY),
        Life(
            inputs={
                "description": "backups",
                "enableKeyRotation": True,
                "deletionWindowInDays": 7,
                "multiRegion": True,
                "policy": json.dumps(_policy("*"), indent=2),
            },
            bad={
                "deletionWindowInDays": {"deletionWindowInDays": "7"},
                "enableKeyRotation": {"enableKeyRotation": 1},
                "descripton": {"descripton": "x"},
            },
            changes={"description": "more backups", "isEnabled": False, "policy": json.dumps(_policy("1"))},
            replacing={"multiRegion": {"multiRegion": False}, "region": {"region": OTHER}},
            by_hand=lambda key, _: boto("kms").update_key_description(KeyId=key, Description="by hand"),
            drifted="description",
            not_imported=frozenset({"deletionWindowInDays"}),
        ),
        sessions,
    )
    assert outputs["arn"].endswith(f"key/{outputs['keyId']}")
    assert outputs["tagsAll"] == DEFAULT_TAGS


def test_a_policy_may_be_an_object_and_its_spelling_is_no_change(resource: MakeResource) -> None:
    key = resource(KEY)
    checked = key.check({"policy": _policy("*")})
    key_id, outputs = key.create(checked)
    spelled = key.check({"policy": json.dumps(_policy("*"), indent=4)}, checked)
    assert not key.diff(key_id, checked, outputs, spelled).diffs
