"""The error tree and its exit codes."""

import pytest

from lifeboat.core.envelope import failure, success
from lifeboat.core.errors import BRANCHES, ConfigError, LifeboatError


def test_every_branch_has_its_own_exit_code() -> None:
    codes = [branch.exit_code for branch in BRANCHES]
    assert codes == sorted(set(codes))


def test_the_exit_table_is_the_one_of_the_design() -> None:
    assert {branch.__name__: branch.exit_code for branch in BRANCHES} == {
        "LifeboatError": 1,
        "ConfigError": 2,
        "Refused": 3,
        "WorldChanged": 4,
        "StepFailed": 5,
        "Stuck": 6,
        "LeaseHeld": 7,
        "Unverified": 8,
        "Findings": 10,
    }


# Other rooms grow twigs of their own; which of them are loaded depends on the tests that came before.
OURS = [branch for branch in LifeboatError.__subclasses__() if branch.__module__ == LifeboatError.__module__]


@pytest.mark.parametrize("branch", OURS)
def test_no_branch_is_missing_from_the_table(branch: type[LifeboatError]) -> None:
    assert branch in BRANCHES


def test_the_hint_stands_apart_from_the_message() -> None:
    assert str(ConfigError("a.b: must be set", hint="set it")) == "a.b: must be set\n\nhint: set it"
    assert str(ConfigError("a.b: must be set")) == "a.b: must be set"


def test_success_and_failure_have_the_same_keys() -> None:
    good = success("status", {"x": 1}, warnings=["w"])
    bad = failure("status", ConfigError("no", hint="do"))
    assert good.keys() == bad.keys()
    assert bad["error"] == {
        "code": "ConfigError",
        "exit_code": 2,
        "message": "no",
        "hint": "do",
        "retryable": False,
    }
