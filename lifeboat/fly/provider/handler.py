"""What every handler of the package does the same way: checks, differences and previews from its declaration.

None of it ever calls Fly. A type's own handler adds what it alone knows and the methods that act.
"""

from __future__ import annotations

from typing import Any, ClassVar

from lifeboat.fly.provider.access import FlyAccess
from lifeboat.fly.provider.claims import Ground
from lifeboat.fly.provider.schema.declaration import ResourceDeclaration
from lifeboat.fly.provider.schema.validate import validate, with_defaults
from lifeboat.providerkit.compare import Rules, compare
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.requests import (
    ChangeKind,
    Checked,
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    Difference,
    DiffRequest,
    Subject,
    UpdateRequest,
)
from lifeboat.providerkit.values import UNKNOWN, Properties


class DeclaredHandler:
    """Base of the handlers; `declaration` is the type it handles.

    Args:
        access: the way to Fly.
    """

    declaration: ClassVar[ResourceDeclaration]
    volatile: ClassVar[frozenset[str]] = frozenset()
    """Outputs that any update may change."""

    def __init__(self, access: FlyAccess) -> None:
        self.access = access

    @property
    def secret_outputs(self) -> frozenset[str]:
        """The outputs that are declared secret."""
        return self.declaration.secret_outputs

    def check(self, request: CheckRequest) -> Checked:
        """Complete the inputs with defaults and validate them."""
        inputs = with_defaults(self.declaration.inputs, request.inputs)
        failures = validate(self.declaration.inputs, self.declaration.types, inputs)
        if not failures:
            failures = self.problems(request, inputs)
        return Checked(inputs=inputs, failures=failures)

    def problems(self, request: CheckRequest, inputs: Properties) -> tuple[PropertyFailure, ...]:
        """Return what is wrong with inputs of the right shape; may meet UNKNOWN."""
        del request, inputs
        return ()

    def unique(self, request: CheckRequest, inputs: Properties, *names: str) -> tuple[PropertyFailure, ...]:
        """Refuse a second resource of the program that names the same object by these inputs."""
        values = [inputs.get(name) for name in names]
        if UNKNOWN in values:
            return ()
        other = self.access.claims.declare(f"{self.declaration.token} {values}", request.subject.urn.text)
        if other is None:
            return ()
        reason = f"{other.rpartition('::')[2]} already declares the one with the same {', '.join(names)}"
        return (PropertyFailure(path=names[-1], reason=reason),)

    def diff(self, request: DiffRequest) -> Difference:
        """Compare inputs; whether a change replaces the object follows from the declaration."""
        self.claim(request.subject, request.resource_id, Ground.STATE)
        changes = compare(request.old_inputs, request.inputs, self.rules(request.ignore_changes))
        return Difference(changes=changes, delete_before_replace=self.old_goes_first(request, changes))

    def claim(self, subject: Subject, resource_id: str, ground: Ground) -> None:
        """Note that a resource has an object."""
        self.access.claims.claim(self._named(resource_id), subject.urn.text, ground)

    def is_free(self, resource_id: str) -> bool:
        """Tell whether no resource is known to have an object, so that it may be adopted."""
        return self.access.claims.is_free(self._named(resource_id))

    def outlives(self, request: DeleteRequest) -> bool:
        """Tell whether an object stays although its resource goes, and say so to the operator."""
        named = self._named(request.resource_id)
        if not self.access.claims.outlives(named, request.subject.urn.text):
            self.access.claims.forget(named)
            return False
        request.subject.log(f"{request.resource_id} stays: its replacement has taken it over")
        return True

    def _named(self, resource_id: str) -> str:
        return f"{self.declaration.token} {resource_id}"

    def rules(self, ignored: tuple[Path, ...]) -> Rules:
        """Return how inputs are compared."""
        replacing = tuple((name,) for name, item in self.declaration.inputs.items() if item.replaces)
        return Rules(force_new=replacing, ignored=ignored)

    def old_goes_first(self, request: DiffRequest, changes: dict[Path, ChangeKind]) -> bool:
        """Say whether the old object must be gone before the new one can be made."""
        del request, changes
        return False

    def preview_create(self, request: CreateRequest) -> Properties:
        """Return the inputs, and UNKNOWN for what only Fly can tell."""
        unknown: dict[str, Any] = dict.fromkeys(self.declaration.outputs, UNKNOWN)
        return {**unknown, **self.echo(request.inputs)}

    def preview_update(self, request: UpdateRequest) -> Properties:
        """Return the old outputs with the new inputs, and UNKNOWN for what the update may change."""
        kept = {
            name: value for name, value in request.old_outputs.items() if name in self.declaration.outputs
        }
        return {**kept, **dict.fromkeys(self.volatile, UNKNOWN), **self.echo(request.inputs)}

    def echo(self, inputs: Properties) -> Properties:
        """Return the inputs that may be seen as outputs."""
        shown = self.declaration.inputs
        return {name: value for name, value in inputs.items() if name in shown and shown[name].echoed}
