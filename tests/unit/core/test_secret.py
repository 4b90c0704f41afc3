"""A secret shows itself to nobody who did not ask for it by name."""

import json
import pickle

import pytest

from lifeboat.core.secret import Secret

CANARY = "canary-8f1c"


def test_no_way_of_printing_shows_it() -> None:
    secret = Secret(CANARY)
    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r:>40}", str([secret]), str({"a": secret})]
    assert not [text for text in shown if CANARY in text]


def test_an_exception_that_carries_it_does_not_show_it() -> None:
    assert CANARY not in str(ValueError("bad", Secret(CANARY)))


def test_it_cannot_be_pickled_nor_made_json() -> None:
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(Secret(CANARY))
    with pytest.raises(TypeError):
        json.dumps(Secret(CANARY))


def test_it_is_revealed_on_request_and_compares_by_value() -> None:
    assert Secret(CANARY).reveal() == CANARY
    assert Secret(CANARY) == Secret(CANARY)
    assert Secret(CANARY) != Secret("other")
    assert Secret(CANARY) != CANARY


def test_it_is_not_hashable() -> None:
    with pytest.raises(TypeError):
        hash(Secret(CANARY))
