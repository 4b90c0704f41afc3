"""KMS keys, secrets, budgets and roles."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.conftest import StartCloud
from tests.localcloud_aws.rds_world import AWAY, HOME

DAY_S = 86400


def _multi_region_key(cloud: CloudProcess) -> str:
    return str(cloud.client("kms").create_key(MultiRegion=True)["KeyMetadata"]["Arn"])


def test_what_one_region_encrypts_the_other_decrypts(cloud: CloudProcess) -> None:
    arn = _multi_region_key(cloud)
    cloud.client("kms").replicate_key(KeyId=arn, ReplicaRegion=AWAY, Description="dr")
    blob = cloud.client("kms").encrypt(KeyId=arn, Plaintext=b"wheel")["CiphertextBlob"]
    for region in (HOME, AWAY):
        assert cloud.client("kms", region).decrypt(CiphertextBlob=blob)["Plaintext"] == b"wheel"
    with pytest.raises(ClientError):
        cloud.client("kms", "eu-west-1").decrypt(CiphertextBlob=blob)


def test_primary_and_replica_know_their_roles_and_keep_their_own_aliases(cloud: CloudProcess) -> None:
    arn = _multi_region_key(cloud)
    assert len(arn.rpartition("/")[2]) == 36
    home, away = cloud.client("kms"), cloud.client("kms", AWAY)
    home.replicate_key(KeyId=arn, ReplicaRegion=AWAY)
    key_id = arn.rpartition("/")[2]
    roles = {}
    for region, client in ((AWAY, away), (HOME, home)):
        found = client.describe_key(KeyId=key_id)["KeyMetadata"]["MultiRegionConfiguration"]
        roles[region] = found["MultiRegionKeyType"]
        assert [replica["Region"] for replica in found["ReplicaKeys"]] == [AWAY]
    assert roles == {HOME: "PRIMARY", AWAY: "REPLICA"}
    away.create_alias(AliasName="alias/dr", TargetKeyId=key_id)
    names = {alias["AliasName"] for alias in home.list_aliases()["Aliases"]}
    assert "alias/dr" not in names


def test_disabled_and_doomed_keys_refuse_and_doomed_ones_disappear(cloud: CloudProcess) -> None:
    kms = cloud.client("kms")
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    blob = kms.encrypt(KeyId=arn, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=arn)
    for operation, arguments in (
        ("encrypt", {"KeyId": arn, "Plaintext": b"x"}),
        ("generate_data_key", {"KeyId": arn, "KeySpec": "AES_256"}),
        ("decrypt", {"CiphertextBlob": blob}),
    ):
        with pytest.raises(ClientError, match="DisabledException"):
            getattr(kms, operation)(**arguments)
    kms.schedule_key_deletion(KeyId=arn, PendingWindowInDays=7)
    with pytest.raises(ClientError, match="KMSInvalidStateException"):
        kms.decrypt(CiphertextBlob=blob)
    cloud.advance(8 * DAY_S)
    with pytest.raises(ClientError, match="NotFoundException"):
        kms.describe_key(KeyId=arn)


def test_the_rotation_period_is_kept(cloud: CloudProcess) -> None:
    kms = cloud.client("kms")
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    kms.enable_key_rotation(KeyId=arn, RotationPeriodInDays=180)
    assert kms.get_key_rotation_status(KeyId=arn)["RotationPeriodInDays"] == 180


def test_keys_of_every_kind_survive_a_restart(start_cloud: StartCloud) -> None:
    first = start_cloud().wait_until_ready()
    kms = first.client("kms")
    arn = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    rsa = {"KeyId": arn, "Message": b"m", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
    signature = kms.sign(**rsa)["Signature"]
    queue = first.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    first.client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
    first.end_lifeline()
    second = start_cloud().wait_until_ready()
    assert second.client("kms").verify(Signature=signature, **rsa)["SignatureValid"] is True
    name = second.client("sqs").get_queue_url(QueueName="q")["QueueUrl"].rpartition("/")[2]
    url = f"{second.url}/123456789012/{name}"
    assert second.client("sqs").receive_message(QueueUrl=url)["Messages"][0]["Body"] == "hello"


def test_the_current_label_decides_the_value(cloud: CloudProcess) -> None:
    vault = cloud.client("secretsmanager")
    first = vault.create_secret(Name="s", SecretString="one")["VersionId"]
    pending = vault.put_secret_value(SecretId="s", SecretString="two", VersionStages=["AWSPENDING"])
    vault.update_secret_version_stage(
        SecretId="s",
        VersionStage="AWSCURRENT",
        RemoveFromVersionId=first,
        MoveToVersionId=pending["VersionId"],
    )
    assert vault.get_secret_value(SecretId="s")["SecretString"] == "two"
    vault.put_secret_value(SecretId="s", SecretString="three")
    assert vault.get_secret_value(SecretId="s")["SecretString"] == "three"
    assert vault.get_secret_value(SecretId="s", VersionStage="AWSPREVIOUS")["SecretString"] == "two"


def test_a_replica_secret_is_promoted_and_then_goes_its_own_way(cloud: CloudProcess) -> None:
    home, away = cloud.client("secretsmanager"), cloud.client("secretsmanager", AWAY)
    key = cloud.client("kms", AWAY).create_key()["KeyMetadata"]["Arn"]
    home.create_secret(Name="s", SecretString="one", AddReplicaRegions=[{"Region": AWAY, "KmsKeyId": key}])
    (status,) = home.describe_secret(SecretId="s")["ReplicationStatus"]
    assert status["KmsKeyId"] == key
    with pytest.raises(ClientError):
        away.put_secret_value(SecretId="s", SecretString="refused")
    away.stop_replication_to_replica(SecretId="s")
    away.put_secret_value(SecretId="s", SecretString="two")
    assert away.get_secret_value(SecretId="s")["SecretString"] == "two"
    assert home.get_secret_value(SecretId="s")["SecretString"] == "one"
    assert "ReplicationStatus" not in home.describe_secret(SecretId="s")
    with pytest.raises(ClientError, match="not a replica"):
        away.stop_replication_to_replica(SecretId="s")


def test_a_deleted_secret_is_gone_after_its_window(cloud: CloudProcess) -> None:
    vault = cloud.client("secretsmanager")
    vault.create_secret(Name="s", SecretString="one")
    vault.delete_secret(SecretId="s", RecoveryWindowInDays=7)
    assert "DeletedDate" in vault.describe_secret(SecretId="s")
    cloud.advance(8 * DAY_S)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        vault.describe_secret(SecretId="s")


def test_a_rotation_that_cannot_run_is_refused(cloud: CloudProcess) -> None:
    vault = cloud.client("secretsmanager")
    vault.create_secret(Name="s", SecretString="one")
    with pytest.raises(ClientError, match="No Lambda rotation function"):
        vault.rotate_secret(SecretId="s")
    assert vault.get_secret_value(SecretId="s")["SecretString"] == "one"


def test_a_budget_is_changed_in_place_with_subscribers_and_tags(cloud: CloudProcess) -> None:
    budgets = cloud.client("budgets", "us-east-1")
    account = {"AccountId": "123456789012"}
    limit = {"Amount": "100", "Unit": "USD"}
    budget = {"BudgetName": "b", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": limit}
    notification = {
        "NotificationType": "ACTUAL",
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": 80.0,
        "ThresholdType": "PERCENTAGE",
    }
    subscriber = {"SubscriptionType": "EMAIL", "Address": "a@example.org"}
    budgets.create_budget(
        Budget=budget,
        NotificationsWithSubscribers=[{"Notification": notification, "Subscribers": [subscriber]}],
        ResourceTags=[{"Key": "k", "Value": "v"}],
        **account,
    )
    budgets.update_budget(NewBudget={**budget, "BudgetLimit": {"Amount": "200", "Unit": "USD"}}, **account)
    found = budgets.describe_budget(BudgetName="b", **account)["Budget"]
    assert found["BudgetLimit"]["Amount"] == "200"
    listed = budgets.describe_subscribers_for_notification(
        BudgetName="b", Notification=notification, **account
    )
    assert listed["Subscribers"] == [subscriber]
    arn = "arn:aws:budgets::123456789012:budget/b"
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == [{"Key": "k", "Value": "v"}]


def test_a_policy_of_aws_can_be_attached(cloud: CloudProcess) -> None:
    iam = cloud.client("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    attached = iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [arn]
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/NoSuchThing")
