"""A declared and an observed config are equal exactly when they mean the same."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.fly.rules.digest import config_digest
from lifeboat.fly.rules.durations import duration_ns, format_duration_ns
from lifeboat.fly.rules.guests import PRESETS
from lifeboat.fly.rules.machine_shape import MACHINE
from lifeboat.fly.rules.normalise import normalise, same_config
from tests.unit.fly.configs import web_config, web_service


def test_what_the_server_fills_in_is_no_drift() -> None:
    declared = {"image": "web", "services": [{"internal_port": 8080, "autostop": "stop", "autostart": True}]}
    observed: dict[str, Any] = {
        "image": "web",
        "init": {"exec": None, "entrypoint": None, "cmd": None, "tty": False},
        "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256},
        "env": None,
        "metadata": None,
        "restart": {"policy": "on-failure", "max_retries": 10},
        "mounts": [],
        "auto_destroy": False,
        "services": [
            {
                "protocol": "tcp",
                "internal_port": 8080,
                "autostop": True,
                "autostart": True,
                "min_machines_running": 0,
                "force_instance_key": None,
                "checks": [],
            }
        ],
    }
    assert same_config(declared, observed)
    assert config_digest(declared) == config_digest(observed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"size": "shared-cpu-2x"}, {"guest": {"cpu_kind": "shared", "cpus": 2, "memory_mb": 512}}),
        ({"guest": {"cpu_kind": "performance", "cpus": 2}}, {"size": "performance-2x"}),
        ({"guest": {"memory_mb": 512.0}}, {"guest": {"cpus": 1, "memory_mb": 512, "gpus": 0}}),
        ({"guest": {"persist_rootfs": "always"}}, {"rootfs": {"persist": "always"}}),
        ({"guest": {"persist_rootfs": "never"}}, {"rootfs": {"size_gb": 0}}),
        ({"restart": {"policy": ""}}, {}),
        ({"restart": {"policy": "always", "max_retries": 3}}, {"restart": {"policy": "always"}}),
        (
            {"services": [{"internal_port": 1, "autostop": False}]},
            {"services": [{"internal_port": 1, "autostop": "off"}]},
        ),
        ({"stop_config": {"timeout": "90s"}}, {"stop_config": {"timeout": 90_000_000_000}}),
        ({}, {"stop_config": {"signal": "SIGINT", "timeout": "5s"}}),
        ({"checks": {"a": {"interval": "10s"}}}, {"checks": {"a": {"interval": "10000ms"}}}),
        ({"checks": {"a": {"timeout": "1m30s"}}}, {"checks": {"a": {"timeout": "90s", "method": "get"}}}),
        ({"checks": {"a": {"kind": "informational"}}}, {"checks": {"a": {"protocol": "http"}}}),
        (
            {"mounts": [{"volume": "vol_1", "path": "/data"}]},
            {
                "mounts": [
                    {"volume": "vol_1", "path": "/data", "name": "data", "size_gb": 3, "encrypted": True}
                ]
            },
        ),
        (
            {"services": [{"internal_port": 1, "ports": [{"port": 80, "force_https": False}]}]},
            {"services": [{"internal_port": 1, "ports": [{"port": 80}]}]},
        ),
    ],
)
def test_two_spellings_of_one_meaning_are_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    "changes",
    [
        {"image": "web:2"},
        {"guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 768}},
        {"env": {"PORT": "8080"}},
        {"env": {"PORT": "8080", "EMPTY": "", "NEW": ""}},
        {"restart": {"policy": "on-failure", "max_retries": 3}},
        {"services": [web_service(autostop="suspend")]},
        {"services": [web_service(autostart=False)]},
        {"services": [web_service(ports=[])]},
        {"services": []},
        {"checks": {}},
        {"metadata": {"fly_platform_version": "v2", "fly_process_group": "worker"}},
        {"mounts": [{"name": "data", "path": "/data"}]},
        {"stop_config": {"signal": "SIGTERM", "timeout": "11s"}},
        {"something_new": {"a": 1}},
    ],
)
def test_a_change_of_meaning_is_a_difference(changes: dict[str, Any]) -> None:
    assert not same_config(web_config(), web_config(**changes))
    assert config_digest(web_config()) != config_digest(web_config(**changes))


def test_an_empty_text_in_the_environment_is_a_value() -> None:
    assert normalise({"env": {"A": ""}})["env"] == {"A": ""}


def test_a_value_of_a_preview_stays_and_has_no_digest() -> None:
    mark = object()
    config = web_config(image=mark, size=mark, guest=None, mounts=mark, restart=mark, rootfs=mark)
    meant = normalise(config)
    assert meant["image"] is mark
    assert meant["restart"] is mark
    assert meant["size"] is mark
    assert "guest" not in meant
    with pytest.raises(TypeError):
        config_digest(config)


def test_the_argument_is_not_changed() -> None:
    config = web_config(
        guest={"persist_rootfs": "always", "cpus": 1}, mounts=[{"volume": "vol_1", "name": "a"}]
    )
    before = copy.deepcopy(config)
    normalise(config)
    assert config == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**12) | st.sampled_from(["", "a", "10s", "off", "shared"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "port", "interval", "path", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(sorted(MACHINE.keys))
CONFIGS = st.dictionaries(KEYS, JSON, max_size=6)


@given(CONFIGS)
def test_normalising_twice_is_normalising_once(config: dict[str, Any]) -> None:
    once = normalise(config)
    assert normalise(once) == once


@given(st.permutations(sorted(web_config())))
def test_the_order_of_keys_does_not_count(order: list[str]) -> None:
    config = web_config()
    assert config_digest({key: config[key] for key in order}) == config_digest(config)


@given(st.integers(0, 10**18))
def test_a_length_survives_being_written(length_ns: int) -> None:
    assert duration_ns(format_duration_ns(length_ns)) == length_ns


@pytest.mark.parametrize(
    ("text", "length_ns"), [("1h2m3.5s", 3_723_500_000_000), ("1.5ms", 1_500_000), ("2µs", 2_000), ("0", 0)]
)
def test_lengths_are_read_as_go_writes_them(text: str, length_ns: int) -> None:
    assert duration_ns(text) == length_ns


@pytest.mark.parametrize("text", ["", "10", "s", "1d", "1s1", "-", True, None, 1.5])
def test_what_is_no_length_is_none(text: object) -> None:
    assert duration_ns(text) is None


def test_presets_are_the_sizes_flyctl_lists() -> None:
    assert sorted(PRESETS, key=lambda name: (PRESETS[name].cpu_kind, PRESETS[name].cpus)) == [
        *(f"performance-{cpus}x" for cpus in (1, 2, 4, 6, 8, 10, 12, 14, 16)),
        *(f"shared-cpu-{cpus}x" for cpus in (1, 2, 4, 6, 8)),
    ]
    assert PRESETS["performance-10x"].memory_mb == 20480
