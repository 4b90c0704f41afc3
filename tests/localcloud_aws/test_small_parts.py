"""The small parts by themselves: version pin, environment, background rounds, saving under change."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path
from threading import Thread

import httpx
import pytest

from lifeboat.core.errors import Refused
from localcloud.aws.atomic_file import write_atomically
from localcloud.aws.background import Background
from localcloud.aws.credentials import is_refused
from localcloud.aws.environment import clean_environment
from localcloud.aws.gate import Gate
from localcloud.aws.pinned_moto import require_pinned_moto
from localcloud.aws.request_scope import RequestScope, scope_of
from tests.localcloud_aws.cloud_process import CLOCK, CloudProcess


def test_another_moto_is_refused_with_what_to_do() -> None:
    with pytest.raises(Refused, match=r"needs moto 5\.2\.5, found 4\.0"):
        require_pinned_moto(lambda _: "4.0")

    def missing(_: str) -> str:
        raise PackageNotFoundError

    with pytest.raises(Refused, match="found none"):
        require_pinned_moto(missing)


def test_no_aws_or_moto_variable_of_the_operator_stays() -> None:
    environ = {"AWS_PROFILE": "prod", "AWS_ACCESS_KEY_ID": "AKIA", "MOTO_ACCOUNT_ID": "1", "HOME": "/h"}
    clean_environment(environ)
    assert environ["AWS_ACCESS_KEY_ID"] == "local"
    assert environ["HOME"] == "/h"
    assert {"AWS_PROFILE", "MOTO_ACCOUNT_ID"}.isdisjoint(environ)


def test_a_failing_job_does_not_keep_the_others_from_running() -> None:
    background = Background()
    done: list[str] = []

    def fail() -> bool:
        raise ZeroDivisionError

    def work() -> bool:
        done.append("work")
        return True

    background.register("bad", fail)
    background.register("good", work)
    assert background.settle() is True
    assert done == ["work"]


def test_the_gate_lets_many_in_together_and_one_alone() -> None:
    gate, seen = Gate(), list[str]()

    def alone() -> None:
        with gate.exclusive():
            seen.append("alone")

    with gate.shared():
        waiting = Thread(target=alone)
        waiting.start()
        CLOCK.sleep(0.05)
        assert seen == []
    waiting.join(timeout=5)
    assert seen == ["alone"]
    with gate.shared():
        seen.append("shared")
    assert seen == ["alone", "shared"]


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, (b"old",))

    def broken() -> object:
        yield b"new"
        raise OSError(28, "no space left on device")

    with pytest.raises(OSError, match="no space"):
        write_atomically(path, broken())  # type: ignore[arg-type]  # a generator that fails midway
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


SCOPE = "/20260101/eu-west-1/s3/aws4_request"


@pytest.mark.parametrize(
    ("environ", "key"),
    [
        ({"HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=K{SCOPE}, SignedHeaders=x"}, "K"),
        ({"QUERY_STRING": f"X-Amz-Credential=K{SCOPE.replace('/', '%2F')}"}, "K"),
        ({"QUERY_STRING": "AWSAccessKeyId=K&Signature=x"}, "K"),
        ({"HTTP_AUTHORIZATION": "AWS K:signature"}, "K"),
    ],
)
def test_the_key_is_found_wherever_it_is_sent(environ: dict[str, str], key: str) -> None:
    base = {"PATH_INFO": "/b/k", "REQUEST_METHOD": "GET", "SERVER_NAME": "h", "SERVER_PORT": "1"}
    base |= {"wsgi.url_scheme": "http"}
    assert scope_of({**base, **environ}).access_key_id == key


@pytest.mark.parametrize("key", ["local", "test", "testing", "lifeboat-local", "AKIAIOSFODNN7EXAMPLE", ""])
def test_dummies_are_let_in(key: str) -> None:
    assert not is_refused(RequestScope(access_key_id=key))


@pytest.mark.parametrize("prefix", ["AKIA", "ASIA"])
def test_real_looking_keys_are_not(prefix: str) -> None:
    assert is_refused(RequestScope(access_key_id=prefix + "2E0A8F3B244C9986"))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PROPFIND", "/"),
        ("GET", "/%00"),
        ("POST", "/a/b?Action=Nothing"),
        ("PUT", "/x?unknown"),
        ("OPTIONS", "/bucket/key"),
        ("GET", "/service/X/operation/Y"),
        ("DELETE", "/_lifeboat/faults?id=x"),
    ],
)
def test_nonsense_is_answered_and_never_crashes_the_server(
    cloud: CloudProcess, method: str, path: str
) -> None:
    answer = httpx.request(method, f"{cloud.url}{path}", content=b"\xff\x00nonsense")
    # What moto cannot digest is an error of the service, said in its protocol, with a traceback in the log.
    assert answer.status_code != 500 or "InternalFailure" in answer.text
    assert cloud.admin("GET", "health")["ready"] is True
