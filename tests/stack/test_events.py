"""What the engine reports, folded into an account that holds names and counts only."""

import json

from lifeboat.core.errors import ConfigError, Unverified
from localcloud.stack.events import Account, name_of
from localcloud.stack.provision import failure

URN = "urn:pulumi:local::lifeboat::lifeboat:infra:Network$aws:ec2/vpc:Vpc::main"


def step(kind: str, operation: str) -> str:
    state = {"inputs": {"password": "canary"}, "outputs": {"password": "canary"}}
    return json.dumps(
        {"sequence": 1, kind: {"metadata": {"op": operation, "urn": URN, "type": "t", "new": state}}}
    )


def diagnostic(severity: str, message: str, urn: str = "") -> str:
    return json.dumps(
        {"diagnosticEvent": {"severity": severity, "message": message, "urn": urn, "color": "raw"}}
    )


def test_what_was_done_is_told_by_type_and_name_without_any_value() -> None:
    account = Account()
    told = [account.take(step("resourcePreEvent", "create")), account.take(step("resOutputsEvent", "create"))]
    assert told == [(), ("create   aws:ec2/vpc:Vpc main",)]
    assert (account.begun, account.done["create"]) == (1, 1)


def test_what_stays_the_same_is_counted_and_not_told() -> None:
    account = Account()
    assert (
        account.take(step("resourcePreEvent", "same")) + account.take(step("resOutputsEvent", "same")) == ()
    )
    assert (account.begun, account.count("same")) == (0, 1)


def test_the_engines_summary_is_what_counts_in_the_end() -> None:
    account = Account()
    account.take(step("resOutputsEvent", "create"))
    account.take(json.dumps({"summaryEvent": {"resourceChanges": {"create": 7, "same": 2}}}))
    assert (account.count("create"), account.count("same"), account.count("update")) == (7, 2, 0)


def test_warnings_are_told_without_colours_and_debugging_is_not() -> None:
    account = Account()
    assert account.take(diagnostic("warning", "<{%fg 3%}>mind<{%reset%}> this\n")) == ("warning: mind this",)
    assert account.take(diagnostic("debug", "registering resource")) == ()


def test_text_that_is_no_event_is_told_as_it_is() -> None:
    assert Account().take("error: no stack named 'x' found") == ("error: no stack named 'x' found",)


def test_a_run_that_began_nothing_is_the_operators_input() -> None:
    account = Account()
    account.take(diagnostic("error", "lifeboat:topology: regions: missing", URN))
    account.take(diagnostic("error", "update failed"))
    error = failure("local", account, 1)
    assert isinstance(error, ConfigError)
    assert error.message == "stack 'local' was not touched: lifeboat:topology: regions: missing"


def test_a_run_that_began_something_is_done_in_part() -> None:
    account = Account()
    for line in (
        step("resourcePreEvent", "create"),
        step("resOutputsEvent", "create"),
        step("resourcePreEvent", "update"),
        step("resOpFailedEvent", "update"),
    ):
        account.take(line)
    error = failure("local", account, -9)
    assert isinstance(error, Unverified)
    assert "done in part, 1 of 2 operations: the engine ended with exit code -9" in error.message
    assert account.failed == 1


def test_a_name_needs_no_parents() -> None:
    assert name_of(URN) == "aws:ec2/vpc:Vpc main"
    assert name_of("urn:pulumi:local::lifeboat::pulumi:pulumi:Stack::lifeboat-local") == (
        "pulumi:pulumi:Stack lifeboat-local"
    )
