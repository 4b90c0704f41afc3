"""Where Fly is and who asks: flyctl's variables, and tokens by their kind."""

from __future__ import annotations

import pytest

from lifeboat.core.errors import ConfigError
from lifeboat.core.secret import Secret
from lifeboat.fly.client import FlySettings
from lifeboat.fly.client.credentials import Credentials
from lifeboat.fly.client.operation import Server
from tests.fly_client.scripted_fly import CANARY


def test_defaults_are_those_of_flyctl() -> None:
    settings = FlySettings.from_environment({"FLY_API_TOKEN": "t"})

    assert settings.flaps_url == "https://api.machines.dev"
    assert settings.api_url == "https://api.fly.io"
    assert settings.uiex_url == "https://api.fly.io"
    assert not settings.is_loopback


def test_variables_win_over_defaults_and_paths_are_dropped() -> None:
    settings = FlySettings.from_environment(
        {
            "FLY_FLAPS_BASE_URL": "http://127.0.0.1:4280/v1",
            "FLY_API_BASE_URL": "http://localhost:4280/",
            "FLY_UIEX_BASE_URL": "http://[::1]:4280",
            "FLY_ACCESS_TOKEN": "first",
            "FLY_API_TOKEN": "second",
        }
    )

    assert settings.flaps_url == "http://127.0.0.1:4280"
    assert settings.api_url == "http://localhost:4280"
    assert settings.uiex_url == "http://[::1]:4280"
    assert settings.token.reveal() == "first"
    assert settings.is_loopback


@pytest.mark.parametrize("env", [{}, {"FLY_API_TOKEN": ""}, {"FLY_API_TOKEN": "", "FLY_ACCESS_TOKEN": ""}])
def test_no_token_is_a_configuration_error(env: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="FLY_API_TOKEN"):
        FlySettings.from_environment(env)


@pytest.mark.parametrize(
    "url", ["ftp://x", "api.machines.dev", "http://", "http://u:p@x", "http://a b", "http://[x"]
)
def test_a_bad_address_is_a_configuration_error_that_names_its_key(url: str) -> None:
    with pytest.raises(ConfigError, match="flaps_url"):
        FlySettings(flaps_url=url, token=Secret("t"))


@pytest.mark.parametrize("token", [" ", f"{CANARY}\n{CANARY}", f"{CANARY}é", f"{CANARY}\x00"])
def test_a_token_that_cannot_be_a_header_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(ConfigError) as caught:
        FlySettings(token=Secret(token))
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("token", "flaps", "graphql"),
    [
        ("abc", "Bearer abc", "Bearer abc"),
        ("fm2_a", "FlyV1 fm2_a", "FlyV1 fm2_a"),
        ("FlyV1 fm2_a", "FlyV1 fm2_a", "FlyV1 fm2_a"),
        ("Bearer FlyV1 fm1r_a", "FlyV1 fm1r_a", "FlyV1 fm1r_a"),
        ("bearer abc", "Bearer abc", "Bearer abc"),
        ("fm2_a,fm1a_b", "FlyV1 fm2_a,fm1a_b", "FlyV1 fm2_a,fm1a_b"),
        ("oauth,fm2_a", "FlyV1 fm2_a", "FlyV1 fm2_a,oauth"),
        ("fm2x_a", "Bearer fm2x_a", "Bearer fm2x_a"),
    ],
)
def test_the_scheme_follows_the_kind_of_token(token: str, flaps: str, graphql: str) -> None:
    credentials = Credentials(Secret(token))

    assert credentials.header(Server.FLAPS) == flaps
    assert credentials.header(Server.UIEX) == flaps
    assert credentials.header(Server.API) == graphql


def test_no_token_survives_redaction() -> None:
    text = Credentials(Secret("FlyV1 fm2_a.b,fm2_c")).redact("header: FlyV1 fm2_a.b,fm2_c; fm2_a.b")

    assert text == "header: FlyV1 [secret],[secret]; [secret]"
