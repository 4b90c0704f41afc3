"""A machine config is refused before any call, with the key path of what is wrong."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from lifeboat.fly.rules import container_shapes, machine_shape
from lifeboat.fly.rules.advice import machine_config_advice, routing_check_names
from lifeboat.fly.rules.check_shapes import MACHINE_CHECK, SERVICE_CHECK
from lifeboat.fly.rules.machine_config import machine_config_problems
from lifeboat.fly.rules.nesting import Struct
from lifeboat.fly.rules.service_shapes import SERVICE
from tests.unit.fly.configs import web_config, web_service

OPENAPI = Path(__file__).parents[3] / "localcloud" / "fly" / "openapi" / "fly-openapi.json"


class Mark(Enum):
    """A preview's mark for a value that is not known yet."""

    UNKNOWN = "unknown"


def problems(config: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in machine_config_problems(config)]


def only(config: dict[str, Any]) -> str:
    found = problems(config)
    assert len(found) == 1, found
    return found[0]


def test_a_sound_config_has_no_problem() -> None:
    assert problems(web_config()) == []


@pytest.mark.parametrize(
    ("guest", "expected"),
    [
        ({"cpu_kind": "shared", "cpus": 3, "memory_mb": 768}, "guest.cpus: 3 shared cpus are not offered"),
        (
            {"cpu_kind": "shared", "cpus": 1, "memory_mb": 300},
            "guest.memory_mb: 300 MB is not a multiple of 256",
        ),
        ({"cpu_kind": "shared", "cpus": 1, "memory_mb": 4096}, "guest.memory_mb: 4096 MB does not go with 1"),
        ({"cpu_kind": "performance", "cpus": 2, "memory_mb": 2048}, "guest.memory_mb: 2048 MB does not go"),
        ({"cpu_kind": "dedicated", "cpus": 1, "memory_mb": 256}, "guest.cpu_kind: unknown kind of cpu"),
        ({"cpus": 1, "memory": 256}, "guest.memory: unknown key; the Machines API calls it 'memory_mb'"),
        ({"cpus": True}, "guest.cpus: must be a whole number, not a truth value"),
    ],
)
def test_a_guest_fly_does_not_offer_is_refused(guest: dict[str, Any], expected: str) -> None:
    assert only(web_config(guest=guest)).startswith(expected)


def test_a_size_is_a_preset_and_stands_alone() -> None:
    assert problems(web_config(guest=None, size="performance-16x")) == []
    assert "did you mean 'shared-cpu-2x'?" in only(web_config(guest=None, size="shared-2x"))
    assert only(web_config(size="shared-cpu-1x")) == "size: give either size or guest, not both"


@pytest.mark.parametrize("image", [None, "", "web app", "https://registry.fly.io/web"])
def test_an_image_that_cannot_run_is_refused(image: str | None) -> None:
    assert only(web_config(image=image)).startswith("image: ")


def test_containers_stand_for_an_image() -> None:
    assert problems(web_config(image=None, containers=[{"name": "app", "image": "nginx"}])) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"internal_port": None}, "services[0].internal_port: is missing"),
        ({"internal_port": 70000}, "services[0].internal_port: 70000 is not between 1 and 65535"),
        ({"internal_port": "8080"}, "services[0].internal_port: must be a whole number, not a text"),
        (
            {"autostop": "suspended"},
            "services[0].autostop: unknown value 'suspended'; did you mean 'suspend'?",
        ),
        ({"autostart": "yes"}, "services[0].autostart: must be true or false"),
        ({"autostart": False}, "services[0].autostart: is false while autostop is on"),
        ({"auto_stop_machines": True}, "services[0].auto_stop_machines: unknown key; the Machines API calls"),
        ({"min_machines_running": -1}, "services[0].min_machines_running: -1 is not between"),
        ({"ports": [{"handlers": ["http"]}]}, "services[0].ports[0]: needs port, or both"),
        ({"ports": [{"port": 1, "start_port": 2, "end_port": 3}]}, "services[0].ports[0]: give either port"),
        ({"ports": [{"start_port": 9, "end_port": 3}]}, "services[0].ports[0].end_port: 3 lies below"),
        (
            {"concurrency": {"soft_limit": 9, "hard_limit": 3}},
            "services[0].concurrency.soft_limit: 9 is above",
        ),
        ({"checks": [{"type": "http"}]}, "services[0].checks[0].path: is missing"),
        (
            {"checks": [{"type": "http", "path": "health"}]},
            "services[0].checks[0].path: 'health' must start with",
        ),
        (
            {"checks": [{"type": "tcp", "path": "/"}]},
            "services[0].checks[0].path: means nothing on a tcp check",
        ),
        (
            {"checks": [{"type": "tpc"}]},
            "services[0].checks[0].type: unknown value 'tpc'; did you mean 'tcp'?",
        ),
        ({"checks": [{"type": "tcp", "interval": "soon"}]}, "services[0].checks[0].interval: 'soon' is not"),
        ({"checks": [{"type": "tcp", "timeout": "0s"}]}, "services[0].checks[0].timeout: must be longer"),
        ({"checks": ["tcp"]}, "services[0].checks[0]: must be a mapping"),
    ],
)
def test_a_service_the_proxy_could_not_use_is_refused(changes: dict[str, Any], expected: str) -> None:
    assert only(web_config(services=[web_service(**changes)])).startswith(expected)


@pytest.mark.parametrize("autostop", ["off", "stop", "suspend", True, False])
def test_autostop_takes_both_forms_fly_uses(autostop: object) -> None:
    assert problems(web_config(services=[web_service(autostop=autostop)])) == []


def test_a_top_level_check_needs_its_own_port() -> None:
    assert only(web_config(checks={"alive": {"type": "tcp"}})) == "checks.alive.port: is missing"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"guest": {"cpu_kind": "shared", "cpus": 2, "memory_mb": 4096}}, "guest.memory_mb"),
        ({"guest": None, "size": "performance-2x"}, "guest.memory_mb"),
        ({"init": {"swap_size_mb": 512}}, "init.swap_size_mb"),
        ({"schedule": "daily"}, "schedule"),
    ],
)
def test_what_cannot_be_suspended_is_refused_only_where_suspending_is_asked_for(
    changes: dict[str, Any], path: str
) -> None:
    assert problems(web_config(**changes)) == []
    suspending = web_config(services=[web_service(autostop="suspend")], **changes)
    assert only(suspending).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ([{"path": "/data"}], "mounts[0].volume: is missing"),
        ([{"path": "/data", "volume": "data"}], "mounts[0].volume: 'data' is no volume id"),
        ([{"path": "data", "name": "data"}], "mounts[0].path: 'data' must start with '/'"),
        ([{"volume": "vol_1"}], "mounts[0].path: is missing"),
        (
            [{"path": "/a", "name": "a"}, {"path": "/b", "name": "b"}],
            "mounts: a machine mounts one volume, not 2",
        ),
    ],
)
def test_a_mount_names_one_volume_and_a_path(mounts: list[dict[str, Any]], expected: str) -> None:
    assert only(web_config(mounts=mounts)).startswith(expected)


def test_env_values_are_texts_and_the_complaint_says_how_to_write_them() -> None:
    assert only(web_config(env={"PORT": 8080})) == "env.PORT: must be a text, not a number; write '8080'"
    assert only(web_config(env={"ON": True})) == "env.ON: must be a text, not a truth value; write 'true'"


def test_flyctls_own_metadata_is_reserved_unless_it_is_what_flyctl_finds_machines_by() -> None:
    assert only(web_config(metadata={"fly_release_id": "x"})).startswith(
        "metadata.fly_release_id: is reserved"
    )
    assert only(web_config(metadata={"fly_platform_version": "v1"})).endswith("must be 'v2', not 'v1'")
    allowed = machine_config_problems(
        web_config(metadata={"fly_release_id": "x"}), allowed_metadata=frozenset({"fly_release_id"})
    )
    assert allowed == ()


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [
        ("service", "services"),
        ("http_service", "services"),
        ("guests", "guest"),
        ("enviroment", ""),
        ("vm", "guest"),
    ],
)
def test_an_unknown_key_is_refused_with_a_suggestion(key: str, suggestion: str) -> None:
    found = only(web_config(**{key: {}}))
    assert found.startswith(f"{key}: unknown key")
    assert repr(suggestion) in found if suggestion else found == f"{key}: unknown key"


@pytest.mark.parametrize(("key", "value"), [("schedule", "weekday"), ("restart", {"policy": "sometimes"})])
def test_policies_and_schedules_are_the_documented_ones(key: str, value: object) -> None:
    assert "unknown value" in only(web_config(**{key: value}))


@pytest.mark.parametrize("value", [3, "text", [], True, float("inf"), float("nan"), {"a": {"b": 1}}])
@pytest.mark.parametrize("key", sorted(machine_shape.MACHINE.keys))
def test_a_value_of_any_kind_gives_problems_and_never_an_exception(key: str, value: object) -> None:
    assert isinstance(problems(web_config(**{key: value})), list)


def test_what_a_preview_cannot_know_is_never_a_problem() -> None:
    mark = Mark.UNKNOWN
    config = web_config(
        image=mark,
        guest={"cpu_kind": mark, "cpus": mark, "memory_mb": mark},
        env={"PORT": mark},
        services=[web_service(internal_port=mark, autostop=mark, checks=[mark], ports=mark)],
        mounts=[{"volume": mark, "path": mark}],
        metadata=mark,
        schedule=mark,
        checks={"alive": {"type": mark, "port": mark}},
    )
    assert machine_config_problems(config, is_unknown=lambda value: value is mark) == ()
    whole = machine_config_problems(dict.fromkeys(config, mark), is_unknown=lambda value: value is mark)
    assert whole == ()


def test_every_key_of_the_official_description_is_known_and_no_other() -> None:
    described = json.loads(OPENAPI.read_text())["components"]["schemas"]
    ours: dict[str, Struct] = {
        "fly.MachineConfig": machine_shape.MACHINE,
        "fly.MachineGuest": machine_shape.GUEST,
        "fly.MachineInit": machine_shape.INIT,
        "fly.MachineMount": machine_shape.MOUNT,
        "fly.MachineService": SERVICE,
        "fly.MachineServiceCheck": SERVICE_CHECK,
        "fly.MachineCheck": MACHINE_CHECK,
        "fly.MachineProcess": container_shapes.PROCESS,
        "fly.ContainerConfig": container_shapes.CONTAINER,
        "fly.File": container_shapes.FILE,
    }
    assert {name: set(shape.keys) for name, shape in ours.items()} == {
        name: set(described[name]["properties"]) for name in ours
    }


def test_advice_names_a_tag_and_a_service_nothing_checks() -> None:
    assert machine_config_advice(web_config()) == ()
    config = web_config(image="registry.fly.io/web:deployment-1", services=[web_service(checks=[])])
    said = [str(problem) for problem in machine_config_advice(config)]
    assert said[0].startswith("image: ")
    assert "names no digest" in said[0]
    assert said[1].startswith("services[0]: has no checks")
    assert said[1].endswith("top-level checks only report")


def test_the_checks_that_gate_routing_have_the_names_a_machine_reports() -> None:
    services = [
        web_service(),
        web_service(internal_port=9000, checks=[{"type": "tcp"}, {"type": "tcp", "port": 9001}]),
    ]
    assert routing_check_names(web_config(services=services)) == (
        "servicecheck-00-http-8080",
        "servicecheck-01-tcp-9000",
        "servicecheck-02-tcp-9001",
    )
