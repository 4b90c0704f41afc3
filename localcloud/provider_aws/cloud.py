"""What a resource type's functions get: the local cloud as seen from one region, and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lifeboat.core.clock import Clock
from lifeboat.core.errors import StepFailed
from lifeboat.providerkit.requests import Log
from lifeboat.providerkit.values import Value
from localcloud.provider_aws.endpoint import endpoint
from localcloud.provider_aws.sessions import ACCOUNT, PARTITION, Sessions

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """One region of the local cloud, for one request.

    Args:
        service: the boto3 service name `client()` gives by default.
        region: the region of the resource.
        timeout_s: the longest wait for a state, seconds.
    """

    sessions: Sessions
    service: str
    region: str
    clock: Clock
    log: Log
    timeout_s: float

    account: str = ACCOUNT
    partition: str = PARTITION

    def client(self, service: str = "", region: str = "") -> Value:
        """Return a boto3 client, of this type's own service and region unless said otherwise."""
        return self.sessions.client(service or self.service, region or self.region, endpoint())

    def arn(self, resource: str, *, service: str = "", region: str | None = None) -> str:
        """Return an ARN of this account; `region=""` for global services."""
        place = self.region if region is None else region
        return f"arn:{self.partition}:{service or self.service}:{place}:{self.account}:{resource}"

    def wait_until(self, what: str, reached: Callable[[], bool]) -> None:
        """Ask again and again until `reached` says yes.

        Raises:
            StepFailed: it did not within `timeout_s`.
            Cancelled: the operator cancelled the run.
        """
        deadline_s = self.clock.monotonic_s() + self.timeout_s
        pause_s = _FIRST_PAUSE_S
        while not reached():
            if self.clock.monotonic_s() + pause_s > deadline_s:
                raise StepFailed(
                    f"{what} not reached within {self.timeout_s:.0f} s",
                    hint="set a longer limit with the resource option custom_timeouts",
                )
            self.clock.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
