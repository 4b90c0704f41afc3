"""The engine's objects on S3, with conditional writes.

`If-None-Match: *` and `If-Match` make S3 let exactly one of several writers win. A write whose answer is
lost, refused as a conflict, or failed inside S3 is read back: finding our own bytes means that it was ours.
Bodies are unique to their writer (see `scripts.engine.objects`), so that comparison cannot be fooled.

Source: S3 user guide, "How to prevent object overwrites with conditional writes" (412 PreconditionFailed, 409
ConditionalRequestConflict, 404 for If-Match on a key that is gone).
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.retry import RetryPolicy
from scripts.engine.objects import Stored, StoreUnavailable, WriteConflict

# Repeating is decided here, where the condition and the bytes are known, and never by botocore.
CLIENT_CONFIG = Config(
    connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1}
)
_RETRY = RetryPolicy(max_attempts=6, deadline_s=30.0, first_wait_s=0.2, max_wait_s=3.0)
_LOST = frozenset({"PreconditionFailed", "NoSuchKey", "412", "404"})
_AGAIN = frozenset({"ConditionalRequestConflict", "OperationAborted", "SlowDown", "RequestTimeout", "409"})
_SERVER_FAULT = 500


class S3ObjectStore:
    """Objects below a prefix of one bucket.

    Args:
        client: a boto3 S3 client of the bucket's region, made with `CLIENT_CONFIG`.
        bucket: its name.
        prefix: what every key starts with; ends with a slash.
        clock: paces repetitions; ages come from S3's clock.
    """

    def __init__(self, client: Any, bucket: str, prefix: str, clock: Clock | None = None) -> None:  # noqa: ANN401  # boto3 clients have no type
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._clock = clock or SystemClock()
        self._jitter = secrets.SystemRandom().random

    @property
    def where(self) -> str:
        """The store as people name it."""
        return f"s3://{self._bucket}/{self._prefix}"

    def get(self, key: str) -> Stored | None:
        """Return an object, or None when there is none.

        Raises:
            StoreUnavailable: S3 gave no answer, or does not let us.

        Effects: reads an object.
        """
        for tried in self._attempts():
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
                body = answer["Body"].read()
            except ClientError as error:
                if _code(error) == "NoSuchKey":
                    return None
                self._wait_or_give_up(error, tried, key)
            except BotoCoreError as error:
                self._wait_or_give_up(error, tried, key)
            else:
                return Stored(
                    key=key,
                    body=body,
                    etag=answer["ETag"],
                    written_at=answer["LastModified"].astimezone(UTC),
                    read_at=_answered_at(answer),
                )
        raise AssertionError("giving up raises")

    def put_if_absent(self, key: str, body: bytes) -> str:
        """Write an object that must not exist yet and return its etag.

        Raises:
            WriteConflict: it exists with another body.
            StoreUnavailable: nobody knows whether it was written.

        Effects: writes an object.
        """
        return self._put(key, body, {"IfNoneMatch": "*"})

    def put_if_match(self, key: str, body: bytes, etag: str) -> str:
        """Overwrite the version named by `etag` and return the new etag.

        Raises:
            WriteConflict: the object is another version with another body, or is gone.
            StoreUnavailable: nobody knows whether it was written.

        Effects: writes an object.
        """
        return self._put(key, body, {"IfMatch": etag})

    def keys(self, prefix: str) -> tuple[str, ...]:
        """Return the keys that start with `prefix`, sorted.

        Effects: lists objects.
        """
        for tried in self._attempts():
            try:
                return self._list(prefix)
            except (ClientError, BotoCoreError) as error:
                self._wait_or_give_up(error, tried, prefix)
        raise AssertionError("giving up raises")

    def _put(self, key: str, body: bytes, condition: dict[str, str]) -> str:
        where = {"Bucket": self._bucket, "Key": self._prefix + key}
        for tried in self._attempts():
            try:
                answer = self._client.put_object(
                    **where, Body=body, ContentType="application/json", **condition
                )
                return str(answer["ETag"])
            except (ClientError, BotoCoreError) as error:
                found = self.get(key)
                if found is not None and found.body == body:
                    return found.etag
                if _code(error) in _LOST:
                    raise WriteConflict(f"{self.where}{key} was written by somebody else") from error
                self._wait_or_give_up(error, tried, key)
        raise AssertionError("giving up raises")

    def _list(self, prefix: str) -> tuple[str, ...]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        names = [item["Key"] for page in pages for item in page.get("Contents", ())]
        return tuple(sorted(name.removeprefix(self._prefix) for name in names))

    def _attempts(self) -> Iterator[tuple[int, float]]:
        """Yield the number of each attempt and the seconds since the first; without end."""
        began_s = self._clock.monotonic_s()
        for attempt in itertools.count(1):
            yield attempt, self._clock.monotonic_s() - began_s

    def _wait_or_give_up(
        self, error: ClientError | BotoCoreError, tried: tuple[int, float], key: str
    ) -> None:
        attempt, elapsed_s = tried
        decision = _RETRY.decide(attempt=attempt, elapsed_s=elapsed_s, jitter=self._jitter())
        if not (_may_pass(error) and decision.retry):
            raise StoreUnavailable(
                f"{self.where}{key}: {_code(error)}",
                hint="the bucket of the recovery region has to answer; are the credentials those of it?",
                retryable=_may_pass(error),
            ) from error
        self._clock.sleep(decision.wait_s)


def _code(error: ClientError | BotoCoreError) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


def _may_pass(error: ClientError | BotoCoreError) -> bool:
    """Tell whether the same request may get through later."""
    if isinstance(error, ClientError):
        status = error.response["ResponseMetadata"].get("HTTPStatusCode", _SERVER_FAULT)
        return status >= _SERVER_FAULT or _code(error) in _AGAIN
    return isinstance(error, HTTPClientError)


def _answered_at(answer: dict[str, Any]) -> datetime:
    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).astimezone(UTC)
