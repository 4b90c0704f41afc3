"""Rules over the whole desired model, whatever built it; every violation is reported at once.

The configuration's checks look at what an operator wrote, these at what would be provisioned: a fault in a
builder is caught here before anything exists.
"""

from __future__ import annotations

from infra.config.problem import Problem
from infra.desired.invariants.encryption import encryption_problems
from infra.desired.invariants.exposure import exposure_problems
from infra.desired.invariants.fly import fly_problems
from infra.desired.invariants.names import name_problems
from infra.desired.invariants.networks import network_problems
from infra.desired.invariants.objectives import objective_problems
from infra.desired.invariants.protection import protection_problems
from infra.desired.invariants.recovery import recovery_problems
from infra.desired.invariants.references import reference_problems
from infra.desired.invariants.statements import statement_problems
from infra.desired.invariants.watch import watch_problems
from infra.desired.model import DesiredEnvironment
from lifeboat.core.errors import ConfigError

RULES = (
    recovery_problems,
    objective_problems,
    protection_problems,
    encryption_problems,
    exposure_problems,
    statement_problems,
    watch_problems,
    network_problems,
    fly_problems,
    name_problems,
    reference_problems,
)
"""Each yields what breaks it, the path of the offender first."""


def violations(desired: DesiredEnvironment) -> tuple[Problem, ...]:
    """Return everything that breaks a rule, in the order of the rules."""
    return tuple(problem for rule in RULES for problem in rule(desired))


def require_invariants(desired: DesiredEnvironment) -> None:
    """Refuse a model that breaks a rule.

    Raises:
        ConfigError: one line per violation.
    """
    found = violations(desired)
    if found:
        raise ConfigError(
            "\n".join(str(each) for each in found),
            hint=f"change environments/Pulumi.{desired.environment}.yaml so that all of it can hold",
        )
