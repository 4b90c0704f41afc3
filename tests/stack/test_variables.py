"""The variables of a local stack keep the user's account and the local cloud apart, both ways."""

from pathlib import Path

import pytest

from localcloud.fly.tokens import LOCAL_TOKEN
from localcloud.stack.home import LocalHome
from localcloud.stack.variables import Endpoints, Variables, variables_of

AMBIENT = {
    "HOME": "/home",
    "PATH": "/opt/engine:/usr/bin::/bin",
    "AWS_PROFILE": "work",
    "AWS_SESSION_TOKEN": "real",
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
    "AWS_ROLE_ARN": "arn:aws:iam::1:role/real",
    "AWS_ENDPOINT_URL_S3": "https://elsewhere",
    "AWS_DEFAULT_REGION": "eu-north-1",
    "FLY_ACCESS_TOKEN": "fm2_real",
    "FLY_ORG": "work",
    "PULUMI_CONFIG_PASSPHRASE": "mine",
    "NO_PROXY": "intranet,localhost",
}


@pytest.fixture
def variables(tmp_path: Path) -> Variables:
    return variables_of(
        "local-production",
        LocalHome(tmp_path / "a checkout"),
        endpoints=Endpoints(
            aws="http://127.0.0.1:20123", fly="http://127.0.0.1:20124", edge="http://127.0.0.1:20125"
        ),
        region="us-west-1",
        engine=Path("/opt/engine"),
        environment=AMBIENT,
    )


def test_nothing_of_the_users_aws_account_survives(variables: Variables) -> None:
    applied = variables.apply(AMBIENT)
    assert {name: value for name, value in applied.items() if name.startswith("AWS_")} == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:20123",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": variables.set["AWS_CONFIG_FILE"],
        "AWS_SHARED_CREDENTIALS_FILE": variables.set["AWS_CONFIG_FILE"],
    }
    assert applied["HOME"] == "/home"


def test_nothing_of_the_users_fly_account_survives(variables: Variables, tmp_path: Path) -> None:
    applied = variables.apply(AMBIENT)
    fly = {name: value for name, value in applied.items() if name.startswith("FLY_")}
    assert {fly[name] for name in fly if name.endswith("_BASE_URL")} == {"http://127.0.0.1:20124"}
    assert fly["FLY_EDGE_URL"] == "http://127.0.0.1:20125"
    assert fly["FLY_API_TOKEN"] == LOCAL_TOKEN
    assert fly["FLY_CONFIG_DIR"] == str(tmp_path / "a checkout" / ".lifeboat" / "cloud" / "state" / "flyctl")
    assert {"FLY_ACCESS_TOKEN", "FLY_ORG"} <= set(variables.removed)
    assert "fm2_real" not in str(applied)


def test_the_local_databases_are_verified_by_their_own_authority(
    variables: Variables, tmp_path: Path
) -> None:
    state = tmp_path / "a checkout" / ".lifeboat" / "cloud" / "state"
    assert variables.set["PGSSLROOTCERT"] == str(state / "databases" / "authority" / "ca.pem")


def test_what_could_be_set_later_is_removed_in_any_case(tmp_path: Path) -> None:
    quiet = variables_of(
        "local",
        LocalHome(tmp_path),
        endpoints=Endpoints(aws="http://127.0.0.1:1", fly="http://127.0.0.1:2", edge="http://127.0.0.1:3"),
        region=None,
        engine=None,
        environment={},
    )
    assert quiet.removed == ("AWS_PROFILE", "AWS_SESSION_TOKEN", "PULUMI_CONFIG_PASSPHRASE")
    assert "PATH" not in quiet.set
    assert "AWS_REGION" not in quiet.set


def test_the_engine_is_found_first_and_only_there_twice_never(variables: Variables) -> None:
    assert variables.set["PATH"] == "/opt/engine:/usr/bin:/bin"


def test_only_the_private_home_and_backend_are_used(variables: Variables, tmp_path: Path) -> None:
    runtime = tmp_path / "a checkout" / ".lifeboat"
    assert variables.set["PULUMI_HOME"] == str(runtime / "pulumi")
    assert variables.set["PULUMI_BACKEND_URL"] == (runtime / "state").as_uri()
    assert "%20" in variables.set["PULUMI_BACKEND_URL"]
    assert variables.set["PULUMI_IGNORE_AMBIENT_PLUGINS"] == "true"
    assert variables.set["PULUMI_STACK"] == "local-production"
    assert "PULUMI_CONFIG_PASSPHRASE" not in variables.apply(AMBIENT)


def test_loopback_never_goes_through_a_proxy(variables: Variables) -> None:
    assert variables.set["NO_PROXY"] == "intranet,localhost,127.0.0.1"
    assert variables.set["no_proxy"] == "127.0.0.1,localhost"
