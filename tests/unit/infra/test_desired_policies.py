"""Policy documents say who may what in IAM's JSON, fit into IAM's limits, and name nothing of others."""

import json

import pytest

from infra.desired import build
from infra.desired.model import DesiredRole
from infra.desired.policy_document import Effect, PolicyDocument, Statement, render
from infra.desired.reference import AccountId, Joined, KeyRef, Partition, Reference, Text, arn, resolve
from tests.unit.infra.texts import KNOWN, config_of

LIMITS = {
    "trust": 2048,
    "role": 10240,
    "managed": 6144,
    "key": 32768,
    "bucket": 20480,
    "topic": 30720,
    "secret": 20480,
}


def lookup(reference: Reference) -> str:
    if isinstance(reference, AccountId):
        return "123456789012"
    if isinstance(reference, Partition):
        return "aws"
    return f"arn:aws:kms:us-west-1:123456789012:key/{'0' * 36}"


def as_json(document: PolicyDocument) -> str:
    def text(each: Text) -> str:
        return resolve(each, lookup, "".join)

    return json.dumps(render(document, text), separators=(",", ":"))


def role(name: str, environment: str = "production") -> DesiredRole:
    (found,) = [each for each in build(config_of(environment)).roles if each.name == name]
    return found


def statements(name: str) -> dict[str, Statement]:
    policy = role(name).policy
    assert policy is not None
    return {statement.sid: statement for statement in policy.statements}


def test_a_text_is_resolved_part_by_part() -> None:
    assert resolve("plain", lookup, "".join) == "plain"
    assert resolve(AccountId(), lookup, "".join) == "123456789012"
    assert resolve(arn("sns", "us-west-1", "t"), lookup, "".join) == "arn:aws:sns:us-west-1:123456789012:t"
    assert resolve(Joined(parts=("a", Partition(), "b")), lookup, "|".join) == "a|aws|b"


def test_a_document_is_rendered_as_iam_wants_it() -> None:
    trust = json.loads(as_json(role("role-deploy").trust))
    assert trust == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Pipeline",
                "Effect": "Allow",
                "Principal": {
                    "Federated": [
                        "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
                    ]
                },
                "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
                "Condition": {
                    "StringEquals": {
                        "token.actions.githubusercontent.com:aud": ["sts.amazonaws.com"],
                        "token.actions.githubusercontent.com:sub": [
                            "repo:candlefish/paintbox:environment:production"
                        ],
                    }
                },
            }
        ],
    }


@pytest.mark.parametrize("environment", KNOWN)
def test_every_document_fits_into_the_limits_of_its_service(environment: str) -> None:
    desired = build(config_of(environment))
    documents = [("trust", each.name, each.trust) for each in desired.roles]
    documents += [("role", each.name, each.policy) for each in desired.roles if each.policy is not None]
    documents += [("managed", each.name, each.document) for each in desired.policies]
    documents += [("key", each.name, each.policy) for each in desired.keys]
    documents += [("bucket", each.name, each.policy) for each in desired.buckets]
    documents += [("topic", each.name, each.policy) for each in desired.topics]
    documents += [("secret", each.name, each.policy) for each in desired.secrets]
    sizes = [(kind, name, len(as_json(document))) for kind, name, document in documents]
    assert [each for each in sizes if each[2] > LIMITS[each[0]]] == []


def test_the_five_roles_are_there_with_a_boundary() -> None:
    roles = {each.name: each for each in build(config_of("production")).roles}
    five = {"role-preview", "role-deploy", "role-backup", "role-restore", "role-breakglass"}
    assert five <= set(roles)
    assert {each.boundary is not None for each in roles.values()} == {True}


def test_a_preview_reads_no_secret_no_backup_and_decrypts_nothing() -> None:
    denied = {sid: each for sid, each in statements("role-preview").items() if each.effect is Effect.DENY}
    assert denied["NoSecrets"].actions == ("secretsmanager:GetSecretValue",)
    assert len(denied["NoBackups"].resources) == 2
    assert len(denied["NoDecryption"].resources) == 8
    allowed = statements("role-preview")["ReadSettings"].actions
    assert not [action for action in allowed if action.split(":")[1].startswith(("Put", "Create", "Delete"))]


def test_a_deploy_reads_what_apps_receive_and_nothing_else() -> None:
    denied = statements("role-deploy")["ReadNoPrivateSecrets"]
    assert "secretsmanager:GetSecretValue" in denied.actions
    private = [str(resource).rpartition("secret:")[2] for resource in denied.resources]
    assert [name.partition("-??????")[0] for name in private] == [
        "paintbox/production/database-master",
        "paintbox/production/pagerduty-address",
    ]
    readers = {
        secret.name: next(each for each in secret.policy.statements if each.sid == "OnlyTheseRead")
        for secret in build(config_of("production")).secrets
    }
    may_deploy = {name for name, each in readers.items() if "role/paintbox-production-deploy" in str(each)}
    assert may_deploy == {
        secret.name for secret in build(config_of("production")).secrets if secret.fly_name is not None
    }


@pytest.mark.parametrize("name", ["role-deploy", "role-backup", "role-restore"])
def test_no_pipeline_can_delete_a_database_or_a_version(name: str) -> None:
    denied = {
        action for each in statements(name).values() if each.effect is Effect.DENY for action in each.actions
    }
    assert {"rds:DeleteDBInstance", "rds:DeleteDBSnapshot", "s3:DeleteObjectVersion"} <= denied


def test_break_glass_is_for_people_with_two_factors_and_for_an_hour() -> None:
    breakglass = role("role-breakglass")
    (statement,) = breakglass.trust.statements
    assert {condition.key for condition in statement.conditions} == {
        "aws:MultiFactorAuthPresent",
        "aws:MultiFactorAuthAge",
    }
    assert breakglass.max_session_s == 3600


def test_a_restore_may_use_keys_for_aws_only() -> None:
    grant = statements("role-restore")["GrantToAws"]
    assert [condition.key for condition in grant.conditions] == ["kms:GrantIsForAWSResource"]


def test_only_an_environment_without_a_database_lacks_its_key_and_role() -> None:
    desired = build(config_of("template-app"))
    assert [key.name for key in desired.keys] == ["backups", "secrets", "operations"]
    assert "role-rds-monitoring" not in {each.name for each in desired.roles}


def test_keys_have_one_primary_at_home_and_a_replica_elsewhere() -> None:
    for key in build(config_of("production", ("topology.primary_region", "us-east-2"))).keys:
        assert [copy.region for copy in key.copies()] == ["us-west-1", "us-east-2"]
        assert (key.rotation, key.multi_region, key.deletion_window_days) == (True, True, 30)


def test_only_the_key_of_operations_is_open_to_services() -> None:
    keys = {key.name: key.policy for key in build(config_of("production")).keys}
    services = {
        name: [each.sid for each in policy.statements if each.effect is Effect.ALLOW]
        for name, policy in keys.items()
    }
    assert services["database"] == services["backups"] == services["secrets"] == ["IamDecides"]
    assert services["operations"] == [
        "IamDecides",
        "Alarms",
        "DatabaseEvents",
        "Trail",
        "TrailLooks",
        "LogsUsWest1",
        "LogsUsEast2",
    ]


def test_a_bucket_refuses_plain_text_old_tls_other_keys_and_deletion() -> None:
    bucket = build(config_of("production")).buckets[0]
    assert [statement.sid for statement in bucket.policy.statements] == [
        "DenyPlainText",
        "DenyOldTls",
        "DenyOtherKeys",
        "DenyCustomerKeys",
        "OnlyBreakglassDeletes",
        "OnlyDeployReconfigures",
    ]
    other = bucket.policy.statements[2].conditions[1]
    assert other.values == (KeyRef("backups", "us-west-1"),)


def test_an_unprotected_environment_can_be_destroyed_by_whoever_made_it() -> None:
    desired = build(config_of("local"))
    sids = {each.sid for owner in (*desired.buckets,) for each in owner.policy.statements}
    assert "OnlyBreakglassDeletes" not in sids
    assert {bucket.force_destroy for bucket in desired.buckets} == {True}
    assert {secret.recovery_window_days for secret in desired.secrets} == {0}
