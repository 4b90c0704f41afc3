"""A write whose repetition could do harm: after an ambiguous failure it looks before it repeats.

A create whose answer was lost may have been done. The caller hands in how to send it and how to look whether
it took effect; the world decides, never the failure. What cannot be found out is `UnknownOutcome`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from lifeboat.core.retry import RetryDecision
from lifeboat.fly.client.errors import (
    FlyError,
    NotNow,
    ProtocolError,
    RateLimited,
    Unauthorized,
    UnknownOutcome,
)
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.repeating import POLICY, asked_wait_s, is_ambiguous

DoneT = TypeVar("DoneT")
_BLIND = (NotNow, Unauthorized, ProtocolError)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarefulWrite(Generic[DoneT]):
    """A write and how to find out whether it was done.

    Args:
        subject: what it is about, for the error.
        send: does it once.
        look: returns what the write made when it was done, None when it was not.
        repeatable: whether to send it again when the look says it was not done.
    """

    subject: str
    send: Callable[[], DoneT]
    look: Callable[[], DoneT | None]
    repeatable: bool = True

    def run(self, http: Http) -> DoneT:
        """Do it, look after every doubt, and repeat while that is safe.

        Raises:
            UnknownOutcome: it may or may not have been done.
            FlyError: it was surely not done, for this reason.
        """
        begun_s = http.clock.monotonic_s()
        attempt, doubtful = 0, False
        while True:
            attempt += 1
            try:
                return self.send()
            except FlyError as error:
                failure = error
            if not is_ambiguous(failure) and attempt == 1:
                raise failure
            again = _decide(http, failure, attempt, http.clock.monotonic_s() - begun_s)
            http.clock.sleep(max(again.wait_s, 1.0))
            found = self._looked(failure)
            if found is not None:
                return found
            # Of several failures the most doubtful counts: a refusal proves nothing about an earlier request.
            doubtful = doubtful or (is_ambiguous(failure) and not isinstance(failure, RateLimited))
            self._give_up(failure, again, doubtful=doubtful)

    def _looked(self, failure: FlyError) -> DoneT | None:
        try:
            return self.look()
        except _BLIND:
            unknown = self._unknown(failure)
        raise unknown

    def _give_up(self, failure: FlyError, again: RetryDecision, *, doubtful: bool) -> None:
        if is_ambiguous(failure) and again.retry and self.repeatable:
            return
        says_nothing = isinstance(failure, NotNow | ProtocolError)
        raise self._unknown(failure) if doubtful and says_nothing else failure

    def _unknown(self, failure: FlyError) -> UnknownOutcome:
        text = f"{self.subject}: whether it was done is unknown after: {failure.message}"
        return UnknownOutcome(text, origin=failure.origin)


def _decide(http: Http, failure: FlyError, attempt: int, elapsed_s: float) -> RetryDecision:
    return POLICY.decide(
        attempt=attempt,
        elapsed_s=elapsed_s,
        jitter=http.jitter(),
        retry_after_s=asked_wait_s(failure),
    )
