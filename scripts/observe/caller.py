"""Who this process is to AWS in a region, and how AWS's clock there differs: one call tells both.

AWS dates every answer, refusals too: a machine whose clock is so wrong that its signatures are refused is
told by how much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import ClientError

from lifeboat.core.clock import Clock
from scripts.observe.aws import asking
from scripts.observe.clock_reading import ClockReading, compare_clock

_SERVER_FAULT = 500
_DATE_GRAIN_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What a region said.

    Args:
        region: the region.
        identity: ARN of who we are; empty when it was refused to say.
        clock: its clock against this machine's.
    """

    region: str
    identity: str
    clock: ClockReading


def see_caller(client: Any, region: str, clock: Clock) -> Caller:  # noqa: ANN401  # boto3 clients have no type
    """Ask a region who we are.

    Args:
        client: an STS client of the region.
        region: the region.
        clock: this machine's.

    Raises:
        NoAnswer: nobody answered.

    Source: STS API, GetCallerIdentity.
    """
    told: dict[str, Any] = {}

    def ask() -> datetime:
        with asking(f"identity in {region}"):
            told.update(_answer(client))
        return _dated_at(told)

    reading = compare_clock(f"AWS in {region}", ask, clock, grain_s=_DATE_GRAIN_S)
    return Caller(region=region, identity=str(told.get("Arn", "")), clock=reading)


def _answer(client: Any) -> Mapping[str, Any]:  # noqa: ANN401  # see above
    try:
        answer: Mapping[str, Any] = client.get_caller_identity()
    except ClientError as error:
        response: Mapping[str, Any] = error.response
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", _SERVER_FAULT)
        if status >= _SERVER_FAULT or "date" not in response["ResponseMetadata"].get("HTTPHeaders", {}):
            raise
        return response
    return answer


def _dated_at(answer: Mapping[str, Any]) -> datetime:
    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).astimezone(UTC)
