"""What the local cloud's refusals mean: boto3 errors as ours, and telling "gone" from "failed"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from lifeboat.core.errors import StepFailed
from lifeboat.providerkit.values import Value

_UNSUPPORTED = "the local cloud does not support it"
_VALUE = re.compile(r",? value: .*?(?=, type: |, valid |$)")
_HINT = "see docs/explanation/local-cloud.md for what it supports"


class ObjectGone(StepFailed):
    """The object of the request does not exist."""


@contextmanager
def remote_errors(subject: str, gone: frozenset[str] = frozenset()) -> Iterator[None]:
    """Translate what boto3 raises inside the block.

    Args:
        subject: the resource in question, for the message.
        gone: error codes that mean it does not exist.

    Raises:
        ObjectGone: the service answered one of `gone`.
        StepFailed: any other refusal, an operation that is not there, or no local cloud at all.
    """
    try:
        import botocore.exceptions as boto
        from botocore.parsers import ResponseParserError
    except ImportError as error:
        raise StepFailed("boto3 is not installed", hint="install the project's requirements") from error
    try:
        yield
    except boto.ClientError as error:
        raise _refusal(subject, error, gone) from error
    except ResponseParserError as error:
        raise StepFailed(f"{subject}: {_UNSUPPORTED}", hint=_HINT) from error
    except (boto.EndpointConnectionError, boto.ConnectionClosedError, boto.HTTPClientError) as error:
        raise StepFailed(
            f"{subject}: the local cloud does not answer: {error}",
            hint="start it with `make up`",
            retryable=True,
        ) from error
    except boto.BotoCoreError as error:
        raise StepFailed(f"{subject}: {_without_values(error)}") from error


def _refusal(subject: str, error: Value, gone: frozenset[str]) -> StepFailed:
    code = str(error.response.get("Error", {}).get("Code", ""))
    message = str(error.response.get("Error", {}).get("Message", "")).strip()
    if code in gone:
        return ObjectGone(f"{subject} does not exist ({code})")
    if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == HTTPStatus.NOT_IMPLEMENTED:
        return StepFailed(f"{subject}: {error.operation_name}: {_UNSUPPORTED}", hint=_HINT)
    return StepFailed(
        f"{subject}: {error.operation_name} refused with {code}: {message or 'no reason given'}"
    )


def _without_values(error: Exception) -> str:
    # boto3 quotes the arguments it finds wrong, and any of them may be a secret.
    return _VALUE.sub("", " ".join(str(error).split()))
