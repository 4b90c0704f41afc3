"""A provider of things that exist only in this process: what the kit does around a provider shows on it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from lifeboat.core.errors import ConfigError, LifeboatError, Refused
from lifeboat.providerkit.compare import Rules, compare
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.requests import (
    Checked,
    CheckRequest,
    ConfigureRequest,
    CreateRequest,
    DeleteRequest,
    Difference,
    DiffRequest,
    Found,
    InvokeRequest,
    Made,
    ReadRequest,
    UpdateRequest,
)
from lifeboat.providerkit.urn import Urn
from lifeboat.providerkit.values import UNKNOWN, Properties

THING = "memory:index:Thing"


@dataclass
class Things:
    """Handler of the one type; every acting call is noted, and `fail` makes the next one fail."""

    secret_outputs: frozenset[str] = frozenset({"token"})
    kept: dict[str, Properties] = field(default_factory=dict)
    acts: list[Any] = field(default_factory=list)
    checks: list[CheckRequest] = field(default_factory=list)
    fail: Exception | None = None
    together: threading.Barrier | None = None
    wait_s: float = 0.0

    def check(self, request: CheckRequest) -> Checked:
        """Refuse a property named bad."""
        self.checks.append(request)
        bad = (PropertyFailure(path="bad[0].part", reason="never"),) if "bad" in request.inputs else ()
        return Checked(inputs=request.inputs, failures=bad)

    def diff(self, request: DiffRequest) -> Difference:
        """Compare; another `kind` needs a new thing."""
        rules = Rules(force_new=(("kind",),), ignored=request.ignore_changes)
        changes = compare(request.old_inputs, request.inputs, rules)
        return Difference(changes=changes, delete_before_replace=("kind",) in changes)

    def preview_create(self, request: CreateRequest) -> Properties:
        """Know everything but the token."""
        return {**request.inputs, "token": UNKNOWN}

    def create(self, request: CreateRequest) -> Made:
        """Keep the thing under its name."""
        self._act(request)
        name = request.subject.urn.name
        self.kept[name] = {**request.inputs, "token": f"token-of-{name}"}
        return Made(resource_id=name, outputs=self.kept[name])

    def read(self, request: ReadRequest) -> Found | None:
        """Find the thing."""
        self._act(request)
        found = self.kept.get(request.resource_id)
        if found is None:
            return None
        inputs = {key: value for key, value in found.items() if key != "token"}
        return Found(resource_id=request.resource_id, outputs=found, inputs=inputs)

    def preview_update(self, request: UpdateRequest) -> Properties:
        """Know everything."""
        return {**request.old_outputs, **request.inputs}

    def update(self, request: UpdateRequest) -> Properties:
        """Change the thing."""
        self._act(request)
        self.kept[request.resource_id] = {**request.old_outputs, **request.inputs}
        return self.kept[request.resource_id]

    def delete(self, request: DeleteRequest) -> None:
        """Forget the thing."""
        self._act(request)
        self.kept.pop(request.resource_id, None)

    def _act(self, request: Any) -> None:
        self.acts.append(request)
        request.subject.log(f"at work on {request.subject.urn.name}")
        if self.together:
            self.together.wait(timeout=10)
        if self.wait_s:
            request.subject.clock.sleep(self.wait_s)
        if self.fail:
            raise self.fail


class MemoryProvider:
    """The provider around `Things`; it refuses stacks named forbidden."""

    name = "memory"
    version = "1.2.3"

    def __init__(self) -> None:
        self.things = Things()
        self.configured: list[ConfigureRequest] = []
        self.invoked: list[InvokeRequest] = []

    def schema(self) -> str:
        """A schema that names the provider."""
        return '{"name": "memory"}'

    def guard(self, urn: Urn) -> None:
        """Refuse one stack."""
        if urn.stack == "forbidden":
            raise Refused("stack forbidden is not for me", hint="take another one")

    def check_config(self, request: CheckRequest) -> Checked:
        """Accept everything."""
        return Checked(inputs=request.inputs)

    def diff_config(self, request: DiffRequest) -> Difference:
        """Replace for another `where`."""
        return Difference(changes=compare(request.old_inputs, request.inputs, Rules(force_new=(("where",),))))

    def configure(self, request: ConfigureRequest) -> None:
        """Note the settings."""
        self.configured.append(request)

    def handler(self, token: str) -> Things:
        """Know one type."""
        if token != THING:
            raise ConfigError(f"no type {token}", hint=f"there is only {THING}")
        return self.things

    def invoke(self, request: InvokeRequest) -> Properties:
        """Echo the arguments."""
        self.invoked.append(request)
        return dict(request.arguments)


def a_failure() -> LifeboatError:
    """One of our errors, with a hint."""
    return LifeboatError("the thing said no", hint="ask again")
