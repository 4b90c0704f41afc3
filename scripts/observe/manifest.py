"""Reads the contract from the manifest object, the copy that survives the loss of a region and of state."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lifeboat.core.contract import parse_contract
from scripts.observe.environment_data import ManifestPlace
from scripts.observe.reading import Reading, SourceUnreadable

# A region that is gone must not hold up a recovery: the answer is needed in seconds or not at all.
_CLIENT = Config(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})


def read_manifest(places: Sequence[ManifestPlace]) -> Reading:
    """Return the newest manifest among the places that answer, saying which did not.

    The bucket of the recovery region holds the original; replication carries it to the other region.

    Raises:
        SourceUnreadable: no place holds one or answers; the message says why for each.
        ConfigError: the object is not a contract of this version.

    Source: S3 API, GetObject.
    """
    readings: list[Reading] = []
    reasons: list[str] = []
    for place in places:
        try:
            readings.append(_read(place))
        except SourceUnreadable as error:
            reasons.append(error.message)
    if not readings:
        raise SourceUnreadable("; ".join(reasons))
    newest = max(readings, key=lambda reading: str(reading.written_at))
    return replace(newest, passed_over=tuple(f"manifest: {reason}" for reason in reasons))


def _read(place: ManifestPlace) -> Reading:
    where = f"s3://{place.bucket}/{place.key} ({place.region})"
    client = boto3.client("s3", region_name=place.region, config=_CLIENT)
    try:
        answer = client.get_object(Bucket=place.bucket, Key=place.key)
        document = json.loads(answer["Body"].read())
    except ClientError as error:
        raise SourceUnreadable(f"{where}: {error.response['Error']['Code']}") from error
    except (BotoCoreError, OSError) as error:
        raise SourceUnreadable(f"{where}: {type(error).__name__}") from error
    except ValueError as error:
        raise SourceUnreadable(f"{where}: not JSON") from error
    return Reading(
        contract=parse_contract(document, source=where),
        source=f"manifest {where}",
        written_at=answer["LastModified"],
    )
