"""How somebody agrees at a terminal: a real one, with a real process behind it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from lifeboat.core.errors import ConfigError
from scripts.cli.approval import ask_consent, read_reasons
from scripts.engine.approval import Consent
from tests.recovery.plans import a_plan

ASK = """
from lifeboat.core.errors import LifeboatError
from scripts.cli.approval import ask_consent
from tests.recovery.plans import a_plan
try:
    print(ask_consent(a_plan(), yes=False).value)
except LifeboatError as error:
    print(error.exit_code, error.message)
"""


def typed(text: str) -> str:
    """Let somebody type at a terminal of their own, and return what came of it."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", ASK], stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True
        )
        os.write(ours, f"{text}\n".encode())
        out, _ = process.communicate(timeout=60)
    finally:
        os.close(theirs)
        os.close(ours)
    return out.strip()


def test_the_name_of_the_stack_is_consent_and_nothing_else_is() -> None:
    assert typed(a_plan().stack) == Consent.TYPED.value
    assert typed("production").startswith(
        "3 the plan is for stack local-production, and production was typed"
    )


def test_where_nobody_can_be_asked_only_the_option_is_consent() -> None:
    assert ask_consent(a_plan(), yes=True) is Consent.OPTION
    with pytest.raises(ConfigError, match="no terminal to ask on"):
        ask_consent(a_plan(), yes=False)


def test_a_reason_may_hold_what_it_likes() -> None:
    assert read_reasons(["stack-state= the region is lost = gone "]) == {
        "stack-state": "the region is lost = gone"
    }
