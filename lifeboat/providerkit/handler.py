"""What one resource type must offer: the protocol every handler fulfils.

Handlers are synchronous; the kit runs each call in a thread, so several resources proceed side by side and
a handler must not keep state between calls. `check` and `diff` and the previews never touch the remote
service.
"""

from __future__ import annotations

from typing import Protocol

from lifeboat.providerkit.requests import (
    Checked,
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    Difference,
    DiffRequest,
    Found,
    Made,
    ReadRequest,
    UpdateRequest,
)
from lifeboat.providerkit.values import Properties


class ResourceHandler(Protocol):
    """One resource type."""

    @property
    def secret_outputs(self) -> frozenset[str]:
        """Outputs that are secret whatever the inputs were."""
        ...

    def check(self, request: CheckRequest) -> Checked:
        """Validate and complete inputs; may meet UNKNOWN."""
        ...

    def diff(self, request: DiffRequest) -> Difference:
        """Compare old with new inputs; may meet UNKNOWN."""
        ...

    def preview_create(self, request: CreateRequest) -> Properties:
        """Return the outputs a create would have, UNKNOWN where only the service can tell."""
        ...

    def create(self, request: CreateRequest) -> Made:
        """Make the object.

        Raises:
            PartlyMade: it exists, but something afterwards failed.
        """
        ...

    def read(self, request: ReadRequest) -> Found | None:
        """Look at the object; None when there is none."""
        ...

    def preview_update(self, request: UpdateRequest) -> Properties:
        """Return the outputs an update would have, UNKNOWN where only the service can tell."""
        ...

    def update(self, request: UpdateRequest) -> Properties:
        """Change the object in place and return its outputs."""
        ...

    def delete(self, request: DeleteRequest) -> None:
        """Remove the object; gone already is fine."""
        ...
