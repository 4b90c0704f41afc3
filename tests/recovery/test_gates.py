"""Unknown blocks like a failure unless it was accepted with a reason; a wrong terminal does no harm."""

from __future__ import annotations

import pytest

from lifeboat.core.errors import ConfigError, Refused
from scripts.engine.check import Check, Outcome
from scripts.engine.gates import demand_checks, demand_stack_typed
from tests.recovery.plans import a_plan


def a_check(outcome: Outcome, name: str = "kms-canary") -> Check:
    return Check(name=name, outcome=outcome, detail="no answer")


@pytest.mark.parametrize(
    ("outcome", "accepted", "blocks"),
    [
        (Outcome.PASS, {}, False),
        (Outcome.UNKNOWN, {}, True),
        (Outcome.UNKNOWN, {"kms-canary": " "}, True),
        (Outcome.UNKNOWN, {"kms-canary": "the key was seen in the console"}, False),
        (Outcome.FAIL, {"kms-canary": "do it anyway"}, True),
    ],
)
def test_only_an_unknown_can_be_accepted(outcome: Outcome, accepted: dict[str, str], blocks: bool) -> None:
    checks = [a_check(Outcome.PASS, "clock"), a_check(outcome)]
    if not blocks:
        demand_checks(checks, accepted)
        return
    with pytest.raises(Refused, match="1 of 2 checks block") as caught:
        demand_checks(checks, accepted)
    assert f"kms-canary: {outcome}: no answer" in caught.value.message


def test_a_reason_for_a_check_there_is_not_is_a_slip_of_the_pen() -> None:
    with pytest.raises(ConfigError, match="--accept kms-canery: there is no such check") as caught:
        demand_checks([a_check(Outcome.UNKNOWN)], {"kms-canery": "reason"})
    assert caught.value.hint == "the checks are: kms-canary"


@pytest.mark.fault("F47")
@pytest.mark.parametrize("typed", ["", "production", "LOCAL-PRODUCTION"])
def test_another_stack_typed_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="local-production"):
        demand_stack_typed(a_plan(), typed)


def test_the_right_stack_typed_passes() -> None:
    demand_stack_typed(a_plan(), "local-production")
