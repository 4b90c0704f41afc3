"""Who agreed to a plan, how, and which checks were accepted though nobody could tell; kept with the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from scripts.engine.check import Check, Outcome
from scripts.engine.json_values import JsonObject

DIGEST_LEAST = 12
"""Characters of a digest that name a plan."""


class Consent(StrEnum):
    """How somebody agreed."""

    TYPED = "typed the stack's name"
    OPTION = "--yes"
    RESUMED = "resumed the run by its id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What was agreed to.

    Args:
        digest: the digest that was reviewed, as it was given.
        how: how it was agreed to.
        by: user, host and process.
        identity: who that is to the cloud, such as the ARN; empty when nobody answered.
        checks: the preflight at that moment.
        accepted: the reason by name of the check.
    """

    digest: str
    how: Consent
    by: str
    identity: str = ""
    checks: tuple[Check, ...] = ()
    accepted: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "accepted", MappingProxyType(dict(self.accepted)))

    def to_data(self) -> JsonObject:
        """Return it as JSON; of the reasons only those that were needed."""
        unknown = [check for check in self.checks if check.outcome is Outcome.UNKNOWN]
        return {
            "digest": self.digest,
            "how": self.how.value,
            "by": self.by,
            "identity": self.identity,
            "checks": tuple(check.to_data() for check in self.checks),
            "accepted": tuple(
                {"name": check.name, "detail": check.detail, "reason": self.accepted[check.name]}
                for check in unknown
                if check.name in self.accepted
            ),
        }


def fits_plan(approval: object, plan_digest: str) -> bool:
    """Tell whether an approval, as it stands in a journal, is one of this plan.

    Args:
        approval: JSON; None, as in journals from before approvals were written down, fits.
        plan_digest: the whole digest of the plan that begins.
    """
    if approval is None:
        return True
    if not isinstance(approval, Mapping):
        return False
    digest = approval.get("digest")
    return isinstance(digest, str) and len(digest) >= DIGEST_LEAST and plan_digest.startswith(digest)
