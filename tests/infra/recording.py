"""Runs a Pulumi program against an engine that only writes down what it is told.

Nothing is asserted while the program runs: `record` returns plain values after the event loop has drained, so
an assertion can neither be passed over in an `apply` that never ran nor see half of the program.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.mocks import MockEngine, MockMonitor, MockSettings
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import configure
from pulumi.runtime.stack import run_in_stack

from lifeboat.core.identity import PROJECT
from tests.infra import pretend_aws, pretend_fly, wire

STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One resource as the program registered it."""

    type: str
    name: str
    urn: str
    parent: str
    custom: bool
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    protect: bool
    retain_on_delete: bool
    ignore_changes: tuple[str, ...]
    aliases: tuple[str, ...]
    provider: str
    providers: tuple[str, ...]
    dependencies: tuple[str, ...]

    @property
    def region(self) -> str:
        """The region the resource says it is in; empty for global ones."""
        return str(self.inputs.get("region", ""))


@dataclass(slots=True, kw_only=True)
class Recording:
    """What a run of a program left behind."""

    registrations: list[Registration] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    @property
    def custom(self) -> list[Registration]:
        """What AWS would make."""
        return [one for one in self.registrations if one.custom and one.type.startswith("aws:")]

    @property
    def fly(self) -> list[Registration]:
        """What Fly would make."""
        return [one for one in self.registrations if one.type.startswith(pretend_fly.PREFIX)]

    def of(self, type_: str) -> list[Registration]:
        """Return the registrations of a type, `rds/instance:Instance`."""
        return [one for one in self.registrations if one.type == f"aws:{type_}"]

    @property
    def stack_outputs(self) -> dict[str, Any]:
        """The outputs of the stack."""
        return next(outputs for urn, outputs in self.outputs.items() if f"::{STACK_TYPE}::" in urn)


class RecordingMonitor(MockMonitor):
    """The engine's side of the conversation; its cloud is one in which everything goes well.

    Args:
        preview: answer like a first preview, in which no output of a resource is known.
    """

    def __init__(self, *, preview: bool) -> None:
        self.recording = Recording()
        self._preview = preview
        self._lock = threading.Lock()

    def RegisterResource(
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Write a resource down and answer with its id and outputs."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        inputs = wire.read(request.object)
        pretend = pretend_fly if request.type.startswith(pretend_fly.PREFIX) else pretend_aws
        id_, outputs = pretend.outputs_of(request.type, request.name, inputs)
        if self._preview and request.custom and not request.type.startswith("pulumi:providers:"):
            id_, outputs = "", inputs
        registration = _registration(request, urn, inputs, outputs)
        with self._lock:
            self.recording.registrations.append(registration)
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=id_ if request.custom else "", object=wire.write(outputs)
        )

    def RegisterResourceOutputs(
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        """Write the outputs of a component or of the stack down."""
        with self._lock:
            self.recording.outputs[request.urn] = wire.read(request.outputs)
        return empty_pb2.Empty()

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeResponse:
        """Answer a question to the provider."""
        arguments = wire.read(request.args)
        with self._lock:
            self.recording.calls.append((request.tok, arguments, request.provider))
        answer = pretend_aws.answer(request.tok, arguments)
        return resource_pb2.ResourceInvokeResponse(**{"return": wire.write(answer)})


def record(
    program: Callable[[], Awaitable[None] | None],
    *,
    stack: str,
    root: Path = Path("unused"),
    preview: bool = False,
) -> Recording:
    """Run a program to its end and return what it registered.

    Args:
        program: declares resources; whatever it raises comes out.
        stack: name of the stack.
        root: folder of Pulumi.yaml.
        preview: run as a first preview.
    """
    monitor = RecordingMonitor(preview=preview)
    info = monitor.GetDeploymentInfo(empty_pb2.Empty())  # type: ignore[no-untyped-call]  # as above
    features = set(info.supportedFeatures)

    async def run() -> None:
        # Pulumi keeps its settings in context variables: inside this task they are this run's own.
        configure(
            MockSettings(  # type: ignore[no-untyped-call]  # the SDK's own test class
                monitor=monitor,
                monitor_features=features,
                engine=MockEngine(None),
                project=PROJECT,
                stack=stack,
                root_directory=str(root),
                dry_run=preview,
                organization=None,
                callbacks=None,
                legacy_apply_enabled=False,
                package_refs={},
                base_providers_by_ref={},
                lock=threading.Lock(),
                outputs=set(),
            )
        )
        await run_in_stack(program)

    # As Pulumi's own start does: a program that fails leaves futures nobody waits for.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    asyncio.run(run())
    return monitor.recording


def _registration(
    request: resource_pb2.RegisterResourceRequest,
    urn: str,
    inputs: dict[str, Any],
    outputs: dict[str, Any],
) -> Registration:
    return Registration(
        type=request.type,
        name=request.name,
        urn=urn,
        parent=request.parent,
        custom=request.custom,
        inputs=inputs,
        outputs=outputs,
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        ignore_changes=tuple(request.ignoreChanges),
        aliases=tuple(str(alias) for alias in request.aliases),
        provider=request.provider,
        providers=tuple(request.providers.values()),
        dependencies=tuple(request.dependencies),
    )
