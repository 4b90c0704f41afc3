"""The life of the local AWS cloud: start, announce, stop, and what survives."""

from __future__ import annotations

import json
import signal
import socket

import httpx
import psutil
import pytest
from botocore.exceptions import ClientError

from tests.localcloud_aws.cloud_process import CLOCK, CloudProcess
from tests.localcloud_aws.conftest import StartCloud


def _put_bucket(process: CloudProcess, name: str) -> None:
    where = {"LocationConstraint": "us-west-2"}
    process.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=where)


def _bucket_names(process: CloudProcess) -> list[str]:
    return [bucket["Name"] for bucket in process.client("s3").list_buckets()["Buckets"]]


def test_health_says_who_answers(cloud: CloudProcess) -> None:
    health = cloud.admin("GET", "health")
    assert health["ready"] is True
    assert health["pid"] == cloud.process.pid
    assert health["moto"] == "5.2.5"
    assert health["region_faults"] == 0


def test_it_listens_on_loopback_only(cloud: CloudProcess) -> None:
    port = int(cloud.port_file.read_text())
    with socket.socket() as probe:
        # 127.0.0.2 is this machine too: a server bound to every address would answer there.
        assert probe.connect_ex(("127.0.0.2", port)) != 0


def test_the_end_of_the_lifeline_saves_and_a_new_process_has_the_state(start_cloud: StartCloud) -> None:
    first = start_cloud().wait_until_ready()
    _put_bucket(first, "kept")
    first.client("s3").put_object(Bucket="kept", Key="k", Body=b"body", Metadata={"my_key": "v"})
    assert first.end_lifeline() == 0
    assert not first.port_file.exists()
    second = start_cloud().wait_until_ready()
    found = second.client("s3").get_object(Bucket="kept", Key="k")
    assert found["Body"].read() == b"body"
    assert found["Metadata"] == {"my_key": "v"}


def test_sigterm_saves_and_exits_zero(start_cloud: StartCloud) -> None:
    first = start_cloud().wait_until_ready()
    _put_bucket(first, "kept")
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(timeout=20) == 0
    assert _bucket_names(start_cloud().wait_until_ready()) == ["kept"]


def test_kill_9_loses_only_the_last_seconds(start_cloud: StartCloud) -> None:
    first = start_cloud().wait_until_ready()
    _put_bucket(first, "kept")
    deadline_s = CLOCK.monotonic_s() + 8
    while first.admin("GET", "health")["dirty"] and CLOCK.monotonic_s() < deadline_s:
        CLOCK.sleep(0.1)
    first.process.kill()
    first.process.wait()
    first.port_file.unlink()
    assert _bucket_names(start_cloud().wait_until_ready()) == ["kept"]


def test_a_save_that_fails_keeps_the_previous_file_and_says_so(start_cloud: StartCloud) -> None:
    first = start_cloud().wait_until_ready()
    _put_bucket(first, "kept")
    first.admin("POST", "save")
    saved = first.state_file.read_bytes()
    process = psutil.Process(first.process.pid)
    process.rlimit(psutil.RLIMIT_FSIZE, (200_000, psutil.RLIM_INFINITY))
    first.client("s3").put_object(Bucket="kept", Key="k", Body=b"x" * 500_000)
    assert httpx.post(f"{first.url}/_lifeboat/save").status_code == 500
    assert "saving failed" in first.admin("GET", "health")["last_save_error"]
    assert first.state_file.read_bytes() == saved
    assert [path.name for path in first.state_file.parent.glob(".state.*")] == []
    process.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    first.admin("POST", "save")
    assert first.admin("GET", "health")["last_save_error"] == ""


def test_a_taken_port_is_refused_with_a_hint(start_cloud: StartCloud) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        process = start_cloud("--port", str(holder.getsockname()[1]))
        assert process.process.wait(timeout=20) == 3
    assert "cannot be used" in process.log_file.read_text()
    assert "--port 0" in process.log_file.read_text()


def test_two_processes_cannot_share_a_state_file(start_cloud: StartCloud) -> None:
    start_cloud().wait_until_ready()
    second = start_cloud()
    assert second.process.wait(timeout=20) == 3
    assert "in use by another local cloud" in second.log_file.read_text()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda header: header | {"moto": "5.0.0"}, "was written with moto 5.0.0"),
        (lambda header: header | {"format": 99}, "was written with format 99"),
        (lambda header: header | {"sha256": "0" * 64}, "damaged"),
    ],
)
def test_a_foreign_or_damaged_state_file_is_refused_and_kept(
    start_cloud: StartCloud, damage: object, words: str
) -> None:
    first = start_cloud().wait_until_ready()
    first.end_lifeline()
    line, _, payload = first.state_file.read_bytes().partition(b"\n")
    assert callable(damage)
    foreign = json.dumps(damage(json.loads(line))).encode() + b"\n" + payload
    first.state_file.write_bytes(foreign)
    second = start_cloud()
    assert second.process.wait(timeout=20) == 3
    assert words in second.log_file.read_text()
    assert "lifeboat cloud reset" in second.log_file.read_text()
    assert first.state_file.read_bytes() == foreign


def test_a_state_file_that_is_not_ours_is_refused(start_cloud: StartCloud) -> None:
    first = start_cloud().wait_until_ready()
    first.end_lifeline()
    first.state_file.write_bytes(b"\x80\x04not a state")
    assert start_cloud().process.wait(timeout=20) == 3


def test_reset_forgets_resources_faults_and_time(cloud: CloudProcess) -> None:
    _put_bucket(cloud, "gone")
    cloud.admin("POST", "faults", {"kind": "error", "region": "eu-west-1"})
    cloud.advance(86400)
    cloud.admin("POST", "reset")
    assert _bucket_names(cloud) == []
    assert cloud.admin("GET", "faults") == {"faults": []}
    assert cloud.admin("GET", "clock")["advanced_s"] == 0
    _put_bucket(cloud, "gone")


def test_real_looking_credentials_are_refused_before_anything_is_done(cloud: CloudProcess) -> None:
    real = {"aws_access_key_id": "AKIA" + "2E0A8F3B244C9986", "aws_secret_access_key": "x"}
    with pytest.raises(ClientError, match="never reach the local cloud") as refusal:
        cloud.client("sns", **real).create_topic(Name="t")
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert cloud.client("sns").list_topics()["Topics"] == []


def test_keys_that_the_cloud_issued_itself_are_let_in(cloud: CloudProcess) -> None:
    role = "arn:aws:iam::123456789012:role/r"
    issued = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    keys = {
        "aws_access_key_id": issued["AccessKeyId"],
        "aws_secret_access_key": issued["SecretAccessKey"],
        "aws_session_token": issued["SessionToken"],
    }
    assert ":assumed-role/r/session" in cloud.client("sts", **keys).get_caller_identity()["Arn"]
