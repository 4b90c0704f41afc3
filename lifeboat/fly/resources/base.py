"""What the classes of the package have in common: attributes declared once, inputs and outputs alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi


class FlyResource(pulumi.CustomResource):
    """A resource of the `fly` package whose outputs are the annotated attributes of its class.

    Each attribute is `name: pulumi.Output[T] = pulumi.property("wireName")`, as the SDK reads it.

    Args:
        token: the type's token.
        resource_name: the Pulumi name.
        inputs: by name of the attribute; None is not given.
        hidden: inputs that never come back as outputs, by wire name; they are marked secret.
        opts: the engine's options.
        old_first: whether a replacement can only be made once the old object is gone.
    """

    def __init__(
        self,
        token: str,
        resource_name: str,
        inputs: Mapping[str, Any],
        *,
        hidden: Mapping[str, Any] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        old_first: bool = False,
    ) -> None:
        secret = {
            name: pulumi.Output.secret(value) for name, value in (hidden or {}).items() if value is not None
        }
        properties: Any = _properties(type(self), {**inputs, **secret})
        ours = pulumi.ResourceOptions(delete_before_replace=True if old_first else None)
        super().__init__(token, resource_name, properties, pulumi.ResourceOptions.merge(ours, opts))


def _properties(kind: type[FlyResource], values: Mapping[str, Any]) -> object:
    """Return the values as an input type of the SDK, which keeps names inside of values as they are."""
    attributes = {name: vars(kind)[name] for name in kind.__annotations__}
    hidden = {name: pulumi.property(name) for name in values.keys() - attributes.keys()}
    names = {**attributes, **hidden}
    declared = {"__annotations__": dict.fromkeys(names, Any), **names}
    marked: Any = pulumi.input_type(type(f"{kind.__name__}Args", (), declared))
    properties: object = marked(**{name: values.get(name) for name in names})
    for name in attributes:
        # The SDK resolves the outputs that stand among the inputs, given or not.
        properties.__dict__.setdefault(name, None)
    return properties
