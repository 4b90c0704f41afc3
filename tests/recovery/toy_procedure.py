"""The toy procedure as the command line finds procedures: by the name of a function."""

from __future__ import annotations

from lifeboat.core.contract import Contract
from scripts.engine.plan import Plan
from scripts.engine.procedure import Procedure
from tests.builders import OTHER
from tests.recovery.plans import a_plan
from tests.recovery.toy_world import ToyWorld, toy_kinds, toy_steps

KNOWN = {"toy": "tests.recovery.toy_procedure:open_toy"}
BUCKET = f"paintbox-toybox-{OTHER}-backups-x"
PLAN = a_plan(*toy_steps(), environment="toybox", stack="toybox")
WORLDS: dict[str, ToyWorld] = {}


def open_toy(contract: Contract, plan: Plan) -> Procedure:
    """Return the procedure working on the world a test registered for the environment."""
    world = WORLDS[contract.environment]
    return Procedure(kinds=toy_kinds(world), fingerprint=lambda: "world-1")
