"""Every procedure whose runs can be resumed, by the name its plans carry.

Named as text and imported when called, as the commands are. The function takes the contract and the plan and
returns the procedure ready to work.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lifeboat.core.errors import ConfigError

if TYPE_CHECKING:
    from lifeboat.core.contract import Contract
    from scripts.engine.plan import Plan
    from scripts.engine.procedure import Procedure

PROCEDURES: dict[str, str] = {
    "database-restore": "scripts.database_restore:open_restore",
}


def open_procedure(plan: Plan, contract: Contract, known: Mapping[str, str]) -> Procedure:
    """Return the procedure that made a plan.

    Args:
        plan: the plan.
        contract: the environment as it is now.
        known: `module:function` by procedure.

    Raises:
        ConfigError: this lifeboat has no such procedure.
    """
    if plan.procedure not in known:
        raise ConfigError(
            f"plan {plan.digest[:12]}: no procedure {plan.procedure!r} in this lifeboat",
            hint="use the release that made the plan",
        )
    module, function = known[plan.procedure].split(":")
    procedure: Procedure = getattr(importlib.import_module(module), function)(contract, plan)
    return procedure
