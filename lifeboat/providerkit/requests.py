"""What a provider is asked, in plain Python: the requests and answers of handlers.

Property values carry no secret marks. `UNKNOWN` occurs only in `CheckRequest`, `DiffRequest` and previews;
every other request that holds one is refused before it gets here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lifeboat.core.clock import Clock
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.urn import Urn
from lifeboat.providerkit.values import Properties

Log = Callable[[str], None]
"""Shows one line to the operator, attached to the resource in question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The resource a request is about, and what a handler may use while it works on it.

    Args:
        urn: which resource.
        clock: sleeping on it ends at once with `Cancelled` when the operator cancels the run.
        log: shows a line under this resource.
        timeout_s: the operator's limit for this operation; 0 when none was set.
    """

    urn: Urn
    clock: Clock
    log: Log
    timeout_s: float = 0.0


class NameMode(StrEnum):
    """What the project's configuration says about names that the program leaves out."""

    PROPOSE = "propose"
    ENFORCE = "enforce"
    DISABLE = "disable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Autonaming:
    """A name the engine proposes (or insists on) for a resource without one."""

    mode: NameMode
    proposed_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """Are these inputs usable, and which defaults complete them? `old_inputs` is empty for a new resource."""

    subject: Subject
    inputs: Properties
    old_inputs: Properties
    random_seed: bytes = b""
    autonaming: Autonaming | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The completed inputs, and what is wrong with them."""

    inputs: Properties
    failures: tuple[PropertyFailure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRequest:
    """What would change if the checked `inputs` replaced `old_inputs`?"""

    subject: Subject
    resource_id: str
    inputs: Properties
    old_inputs: Properties
    old_outputs: Properties
    ignore_changes: tuple[Path, ...] = ()


class ChangeKind(StrEnum):
    """How a property differs; a `*_REPLACE` kind makes the engine replace the resource."""

    ADD = "ADD"
    ADD_REPLACE = "ADD_REPLACE"
    DELETE = "DELETE"
    DELETE_REPLACE = "DELETE_REPLACE"
    UPDATE = "UPDATE"
    UPDATE_REPLACE = "UPDATE_REPLACE"

    @property
    def replaces(self) -> bool:
        """Whether this change needs a new object."""
        return self.value.endswith("_REPLACE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The changed properties by path; empty means nothing to do."""

    changes: Mapping[Path, ChangeKind] = field(default_factory=dict)
    delete_before_replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRequest:
    """Make the object; in a preview, say what the outputs would be."""

    subject: Subject
    inputs: Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new object: its id (never empty) and outputs."""

    resource_id: str
    outputs: Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """What is there? `importing` is true for an import or a get, when nothing but the id may be known."""

    subject: Subject
    resource_id: str
    old_inputs: Properties
    old_outputs: Properties
    importing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An existing object: its id, its outputs, and the inputs that would describe it."""

    resource_id: str
    outputs: Properties
    inputs: Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRequest:
    """Change the object in place. Equal old and new inputs mean that an earlier run left it incomplete."""

    subject: Subject
    resource_id: str
    inputs: Properties
    old_inputs: Properties
    old_outputs: Properties
    ignore_changes: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRequest:
    """Remove the object; one that is gone already is no error."""

    subject: Subject
    resource_id: str
    old_inputs: Properties
    old_outputs: Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokeRequest:
    """Call a function of the provider."""

    token: str
    arguments: Properties
    log: Log


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigureRequest:
    """The provider's own settings as plain values (JSON texts already read), and its URN if it is known."""

    settings: Properties
    urn: Urn | None
