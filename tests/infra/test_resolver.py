"""References of the model, replaced by what was declared."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from infra.desired.policy_document import Effect, PolicyDocument, Principal, PrincipalKind, Statement
from infra.desired.reference import AccountId, Joined, KeyRef, Partition, RoleRef, Text
from infra.resources.resolver import Resolver
from infra.resources.roles import last_part
from tests.infra.recording import record

KEY = KeyRef("database", "us-west-1")
KEY_ARN = "arn:aws:kms:us-west-1:123456789012:key/mrk-1"


def resolved(text: Text) -> Any:
    """Return what a program exports for a text of the model."""

    def program() -> None:
        resolver = Resolver(pulumi.Output.from_input("123456789012"), "aws")
        resolver.learn(KEY, pulumi.Output.from_input(KEY_ARN))
        pulumi.export("text", resolver.text(text))

    return record(program, stack="local").stack_outputs["text"]


def test_a_plain_text_stays_as_it_is() -> None:
    assert resolved("plain") == "plain"


def test_a_reference_becomes_what_was_learned() -> None:
    assert resolved(KEY) == KEY_ARN


def test_a_joined_text_is_put_together_in_order() -> None:
    text = Joined(parts=("arn:", Partition(), ":iam::", AccountId(), ":role/x"))
    assert resolved(text) == "arn:aws:iam::123456789012:role/x"


def test_a_policy_is_written_with_its_references_replaced() -> None:
    document = PolicyDocument(
        statements=(
            Statement(
                sid="One",
                effect=Effect.ALLOW,
                actions=("kms:Decrypt",),
                principal=Principal(kind=PrincipalKind.AWS, values=(AccountId(),)),
                resources=(KEY, "*"),
            ),
        )
    )

    def program() -> None:
        resolver = Resolver("123456789012", "aws")
        resolver.learn(KEY, KEY_ARN)
        pulumi.export("policy", resolver.policy(document))

    policy = json.loads(record(program, stack="local").stack_outputs["policy"])
    assert policy["Version"] == "2012-10-17"
    assert policy["Statement"][0]["Resource"] == [KEY_ARN, "*"]
    assert policy["Statement"][0]["Principal"] == {"AWS": ["123456789012"]}


def test_a_reference_used_before_it_is_declared_is_refused_at_once() -> None:
    def program() -> None:
        Resolver("1", "aws").text(RoleRef("role-x"))

    with pytest.raises(LookupError, match=r"RoleRef.*before it is declared"):
        record(program, stack="local")


def test_an_attachment_is_named_by_the_policy() -> None:
    arn = Joined(parts=("arn:", Partition(), ":iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"))
    assert last_part(arn) == "AmazonRDSEnhancedMonitoringRole"
    assert last_part("arn:aws:iam::aws:policy/ReadOnlyAccess") == "ReadOnlyAccess"
