"""The S3 bucket of backups: what the engine asks of a store, with sizes and removal.

The bucket encrypts with its own key and locks every version for its default time (Object Lock): nothing of
that is asked for here, so nothing of it can be forgotten. Removing writes a delete marker; the version below
it stays as long as it is locked, and the bucket's lifecycle ends it afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from scripts.actions.object_store import CLIENT_CONFIG, S3ObjectStore
from scripts.backup.keys import store_prefix
from scripts.engine.objects import StoreUnavailable

_AT_ONCE = 1000
# Parts are larger than the engine's objects, and several are on their way at once.
_PARTS = Config(read_timeout=60, max_pool_connections=20)


class S3BackupStore(S3ObjectStore):
    """Backups of one environment in one bucket."""

    def sizes(self, prefix: str) -> Mapping[str, int]:
        """Return the length in bytes of every object whose key starts with `prefix`.

        Raises:
            StoreUnavailable: S3 gave no answer.

        Effects: lists objects.
        """
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + prefix
            )
            found = [item for page in pages for item in page.get("Contents", ())]
        except (ClientError, BotoCoreError) as error:
            raise self._gave_no_answer(error, prefix) from error
        return {item["Key"].removeprefix(self._prefix): int(item["Size"]) for item in found}

    def remove(self, keys: Sequence[str]) -> None:
        """Remove objects, in the order given; a locked version outlives it under a delete marker.

        Raises:
            StoreUnavailable: S3 gave no answer, or did not remove all of them.

        Effects: removes objects.
        Source: S3 API, DeleteObjects.
        """
        for first in range(0, len(keys), _AT_ONCE):
            names = [{"Key": self._prefix + key} for key in keys[first : first + _AT_ONCE]]
            try:
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": names, "Quiet": True}
                )
            except (ClientError, BotoCoreError) as error:
                raise self._gave_no_answer(error, keys[first]) from error
            for failed in answer.get("Errors", ()):
                raise StoreUnavailable(f"s3://{self._bucket}/{failed['Key']}: {failed['Code']}")

    def _gave_no_answer(self, error: Exception, key: str) -> StoreUnavailable:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        return StoreUnavailable(f"{self.where}{key}: {code}", hint="does the bucket's region answer?")


def open_backup_store(environment: str, bucket: str, region: str) -> S3BackupStore:
    """Return the backups of an environment in a region's bucket; asks nothing yet."""
    client: Any = boto3.client("s3", region_name=region, config=CLIENT_CONFIG.merge(_PARTS))
    return S3BackupStore(client, bucket, store_prefix(environment))
