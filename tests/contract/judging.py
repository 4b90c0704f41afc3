"""What one exchange has to be: inside the description plus the listed deviations, on both ways."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import httpx

from tests.contract.described import Part, needed_by_answer, needed_by_request
from tests.contract.populated_fly import Asked


def judge(asked: Asked, answer: httpx.Response) -> frozenset[Part]:
    """Return the parts of deviations that an exchange needed.

    Raises:
        AssertionError: it is outside the description and all deviations, or the server failed.
    """
    status = answer.status_code
    assert status < HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.NOT_IMPLEMENTED, answer.text
    return judge_answer(asked, answer) | (judge_request(asked) if _was_looked_into(answer) else frozenset())


def judge_answer(asked: Asked, answer: httpx.Response) -> frozenset[Part]:
    """Return the parts of deviations that an answer needed; a failure that was asked for may be one."""
    assert len(answer.headers["fly-request-id"]) == 26  # a ULID
    assert answer.headers.get("content-type", "application/json") == "application/json"
    body = answer.json() if answer.content else None
    return needed_by_answer(asked.operation, answer.status_code, body)


def judge_request(asked: Asked) -> frozenset[Part]:
    """Return the parts of deviations that an accepted request needed."""
    headers = {"authorization", "content-type", *asked.headers}
    return needed_by_request(asked.operation, asked.query, headers, _sent_body(asked.body))


def _was_looked_into(answer: httpx.Response) -> bool:
    """Tell whether a request was found well-formed: it succeeded, or the state of things was against it."""
    return answer.is_success or answer.status_code in {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}


def _sent_body(body: Any) -> object:  # any JSON value, or bytes
    return json.loads(body) if isinstance(body, bytes) and body else body
