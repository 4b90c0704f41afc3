"""What can go wrong in a provider, beyond the project's own branches of errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lifeboat.core.errors import ConfigError, LifeboatError, StepFailed, Unverified
from lifeboat.providerkit.paths import Path, format_path


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyFailure:
    """One property that cannot be used; the path is written as the engine writes it."""

    path: str
    reason: str

    @classmethod
    def at(cls, path: Path, reason: str) -> PropertyFailure:
        """Build a failure from a path in steps."""
        return cls(path=format_path(path), reason=reason)


def reason_of(error: BaseException) -> str:
    """Say what went wrong; anything that is not one of our errors is a bug and says its type."""
    if isinstance(error, LifeboatError):
        return str(error)
    return f"a bug in the provider: {type(error).__name__}: {error}"


class InvalidProperties(ConfigError):
    """Several properties cannot be used; raised where an answer has no room for check failures."""

    def __init__(self, subject: str, failures: Iterable[PropertyFailure]) -> None:
        self.failures = tuple(failures)
        lines = "; ".join(f"{failure.path}: {failure.reason}" for failure in self.failures)
        super().__init__(f"{subject}: {lines}")


class ResourceMissing(ConfigError):
    """An import or a get names an object that does not exist."""


class PartlyMade(Unverified):
    """The object exists, but a later step of making it failed; the engine keeps it and the next run goes on.

    Args:
        resource_id: the id under which the object exists (never empty).
        outputs: what is known of it.
        inputs: the inputs it was made from; what is not reached yet must be left out, or the next run sees no
            difference.
        reasons: what failed, one sentence each.
    """

    def __init__(
        self,
        *,
        resource_id: str,
        outputs: Mapping[str, Any],
        inputs: Mapping[str, Any],
        reasons: Iterable[str],
    ) -> None:
        self.resource_id = resource_id
        self.outputs = dict(outputs)
        self.inputs = dict(inputs)
        self.reasons = tuple(reasons)
        super().__init__(f"{resource_id} exists but is not complete: {'; '.join(self.reasons)}")


class Cancelled(StepFailed):
    """The operator cancelled the run while the provider was waiting."""
