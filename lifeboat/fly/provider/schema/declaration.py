"""Declarations: a property, an object type, a resource type, a function; each stands beside its handler.

Everything said here is said once: the published schema, the validation of inputs, the defaults, what a change
replaces and which outputs are secret all follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lifeboat.fly.provider.schema.expression import TypeExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property.

    Args:
        type: what its value is.
        description: a sentence or more, Markdown, for the reader of the published schema.
        required: whether an input must be given, or an output is always there.
        secret: whether the engine must encrypt it.
        replaces: whether a change needs a new object.
        echoed: whether an input comes back as an output; false for what no output may ever show.
        default: the value when the program is silent; None for none.
        allowed: the only texts accepted; empty when any will do.
    """

    type: TypeExpression
    description: str
    required: bool = False
    secret: bool = False
    replaces: bool = False
    echoed: bool = True
    default: str | int | float | bool | None = None
    allowed: tuple[str, ...] = ()


Properties = Mapping[str, Property]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectType:
    """A named object type, such as `fly:index:Guest`."""

    token: str
    description: str
    properties: Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDeclaration:
    """A resource type.

    Args:
        token: such as `fly:index:App`.
        description: Markdown; says what `protect` and imports mean for it.
        inputs: by wire name.
        outputs: what comes on top of the echoed inputs, by wire name.
        types: the object types it uses; several declarations may name the same one.
    """

    token: str
    description: str
    inputs: Properties
    outputs: Properties = field(default_factory=dict)
    types: tuple[ObjectType, ...] = ()

    @property
    def all_outputs(self) -> Properties:
        """Every output: the echoed inputs and what is only known afterwards."""
        return {**{name: item for name, item in self.inputs.items() if item.echoed}, **self.outputs}

    @property
    def secret_outputs(self) -> frozenset[str]:
        """Names of the outputs that are secret whatever the inputs were."""
        return frozenset(name for name, item in self.all_outputs.items() if item.secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDeclaration:
    """A function a program can call; it never changes anything.

    Args:
        token: such as `fly:index:getApp`.
        description: Markdown.
        inputs: arguments by wire name.
        outputs: results by wire name.
        types: the object types it uses.
    """

    token: str
    description: str
    inputs: Properties
    outputs: Properties
    types: tuple[ObjectType, ...] = ()
