"""The published schema: complete, consistent, from Fly's own description, and what the classes say too."""

from __future__ import annotations

import contextvars
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime.sync_await import _ensure_event_loop

from lifeboat.fly import resources
from lifeboat.fly.provider.provider import FlyProvider
from lifeboat.fly.resources.base import FlyResource
from lifeboat.providerkit.protos import provider_pb2
from tests.fly_provider.world import FlyWorld
from tools import fly_schema

CLASSES = [
    kind for kind in vars(resources).values() if isinstance(kind, type) and issubclass(kind, FlyResource)
]
SCHEMA: dict[str, Any] = json.loads(FlyProvider({}).schema())
LAUNCHER = Path(__file__).resolve().parents[2] / "lifeboat" / "fly" / "provider" / "pulumi-resource-fly"


def _parts() -> Iterator[tuple[str, dict[str, Any]]]:
    for group in ("types", "resources"):
        yield from SCHEMA[group].items()
    for token, function in SCHEMA["functions"].items():
        yield f"{token}.inputs", {"description": function["description"], **function["inputs"]}
        yield f"{token}.outputs", {"description": function["description"], **function["outputs"]}


def _values(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item
            yield from _values(item)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item)


def test_the_package_has_every_type_and_function() -> None:
    names = ("App", "Machine", "MachineGroup", "Volume", "IpAddress", "EgressIp", "Certificate", "AppSecrets")
    assert set(SCHEMA["resources"]) == {f"fly:index:{name}" for name in names}
    calls = ("Regions", "Placements", "App", "Machines", "Volumes", "Certificate")
    assert set(SCHEMA["functions"]) == {f"fly:index:get{name}" for name in calls}


def test_everything_is_described_in_full_sentences() -> None:
    for token, part in _parts():
        assert part["description"].strip(), token
        for group in ("properties", "inputProperties"):
            for name, item in part.get(group, {}).items():
                assert len(item["description"]) > 3, f"{token}.{name}"


def test_every_reference_leads_somewhere() -> None:
    for key, value in _values(SCHEMA):
        if key == "$ref" and value != "pulumi.json#/Any":
            assert value.removeprefix("#/types/") in SCHEMA["types"], value


def test_whatever_is_required_exists() -> None:
    for token, part in _parts():
        assert set(part.get("required", ())) <= set(part.get("properties", {})), token
        assert set(part.get("requiredInputs", ())) <= set(part.get("inputProperties", {})), token


def test_secrets_are_marked_and_never_outputs() -> None:
    secret = {
        (token, name)
        for token, part in SCHEMA["resources"].items()
        for name, item in part["inputProperties"].items()
        if item.get("secret")
    }
    assert {("fly:index:Certificate", "privateKey"), ("fly:index:AppSecrets", "values")} <= secret
    for token, name in secret:
        assert name not in SCHEMA["resources"][token]["properties"], (token, name)


def test_no_part_of_the_schema_asks_for_a_token() -> None:
    assert SCHEMA["config"] == {}
    assert SCHEMA["provider"]["inputProperties"] == {}


def test_the_config_of_a_machine_is_the_one_of_flys_description() -> None:
    assert fly_schema.TARGET.read_text() == fly_schema.generated()
    described = json.loads(fly_schema.SOURCE.read_text())["components"]["schemas"]
    for name, written in json.loads(fly_schema.TARGET.read_text()).items():
        spelled = next(key for key in described if key.lower() == f"fly.{name}".lower())
        assert set(written["properties"]) == set(described[spelled]["properties"]), name


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: str(kind.__name__))
def test_a_class_has_exactly_the_outputs_of_its_type(kind: type[FlyResource]) -> None:
    written = SCHEMA["resources"][f"fly:index:{kind.__name__}"]
    declared = {vars(kind)[name].name: name for name in kind.__annotations__}
    assert set(declared) == set(written["properties"])
    for wire, name in declared.items():
        assert re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", wire) == name


def test_there_is_a_class_for_every_type() -> None:
    assert {f"fly:index:{kind.__name__}" for kind in CLASSES} == set(SCHEMA["resources"])


def test_the_engine_is_given_the_same_schema(world: FlyWorld) -> None:
    answer = world.provider.stub.GetSchema(provider_pb2.GetSchemaRequest())
    assert json.loads(answer.schema) == SCHEMA


def test_the_launcher_starts_the_provider_of_this_checkout() -> None:
    environment = {"PATH": "/usr/bin:/bin", "LIFEBOAT_PYTHON": sys.executable}
    process = subprocess.Popen([LAUNCHER], stdout=subprocess.PIPE, env=environment, text=True)
    try:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_a_launcher_without_an_interpreter_says_what_to_do() -> None:
    environment = {"PATH": "/usr/bin:/bin", "LIFEBOAT_PYTHON": "/nowhere/python"}
    done = subprocess.run(
        [LAUNCHER], env=environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.returncode, "make setup" in done.stderr) == (1, True)


class _Recorder(pulumi.runtime.Mocks):
    def __init__(self) -> None:
        self.made: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.made[args.typ] = args.inputs
        return "id", {**args.inputs, "dnsRequirements": {"acmeChallenge": {"name": "_acme", "target": "t"}}}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {"token": args.token, **args.args}, []


def _declare(recorder: _Recorder, guest: dict[str, Any]) -> None:
    # The SDK takes the thread's event loop, and a test before this one may have left none.
    _ensure_event_loop()  # type: ignore[no-untyped-call]  # the SDK gives it no types
    pulumi.runtime.set_mocks(recorder)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK gives it no types
    def program() -> pulumi.Output[None]:
        resources.Volume("v", app="web", region="sjc", name="d", size_gb=1, compute=guest)
        source = {"secret": "s", "regions": ["us-west-1"]}
        resources.AppSecrets("s", app="web", sources={"size_gb": source}, values={"source_versions": "x"})
        certificate = resources.Certificate("c", app="web", hostname="a.example.org")
        app = resources.get_app("web")

        def compare(found: list[Any]) -> None:
            assert found == ["_acme", {"token": "fly:index:getApp", "name": "web"}]

        return pulumi.Output.all(certificate.dns_requirements.acme_challenge.name, app).apply(compare)

    program()


def test_classes_send_wire_names_and_leave_names_inside_of_values_alone() -> None:
    recorder = _Recorder()
    guest = {"cpu_kind": "shared", "memory_mb": 256}
    # In a context of its own: the SDK's root stack would stay for every test after this one.
    contextvars.copy_context().run(_declare, recorder, guest)
    assert recorder.made["fly:index:Volume"]["compute"] == guest
    assert recorder.made["fly:index:Volume"]["sizeGb"] == 1
    assert list(recorder.made["fly:index:AppSecrets"]["sources"]) == ["size_gb"]
