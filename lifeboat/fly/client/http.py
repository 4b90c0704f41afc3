"""The one door to Fly: paces, sends and repeats a call, and raises only `errors`.

    answer = http.call(GET_MACHINE, {"app": app, "machine": machine_id}, params={"include_leases": True})
    machine = answer.read(Machine)

Operations are constants (`operation.py`); a call fills the path's values, which are escaped. Lists of several
pages are collected by `pages.collect`. Safe to use from any number of threads.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from lifeboat.core.clock import Clock
from lifeboat.fly.client.answer import Answer
from lifeboat.fly.client.errors import FlyError
from lifeboat.fly.client.exchange import Call, Exchange, Params
from lifeboat.fly.client.operation import Operation
from lifeboat.fly.client.pacing import Pacer
from lifeboat.fly.client.repeating import POLICY, asked_wait_s, may_repeat
from lifeboat.fly.client.settings import FlySettings

_JITTER = secrets.SystemRandom().random


class Http:
    """Calls operations of Fly's three servers.

    Args:
        settings: addresses and token.
        clock: for pacing and waits.
        transport: how requests travel; httpx's own when None.
        jitter: draws a number in [0, 1] per wait.
    """

    def __init__(
        self,
        settings: FlySettings,
        *,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
        jitter: Callable[[], float] = _JITTER,
    ) -> None:
        self.clock = clock
        self.jitter = jitter
        self._exchange = Exchange(settings, clock, transport)
        self._pacer = Pacer(clock)

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()

    def redact(self, text: str) -> str:
        """Return a text from the body of a success as it may be shown: without any of the tokens."""
        return self._exchange.redact(text)

    def call(  # one request has this many parts
        self,
        operation: Operation,
        path: Mapping[str, str] | None = None,
        *,
        params: Params | None = None,
        body: Any = None,  # noqa: ANN401  # any JSON value
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Call an operation and return its success.

        Args:
            operation: what to call.
            path: the values of the operation's path.
            params: query parameters; None leaves one out, a list repeats it, a bool becomes true or false.
            body: JSON to send; None sends no body.
            headers: extra headers, such as the lease's nonce.
            timeout_s: seconds for this call instead of the operation's.

        Raises:
            FlyError: whatever went wrong, after the repeats that are safe.
        """
        return self._repeating(
            Call(
                operation=operation,
                path=path or {},
                params=params or {},
                body=body,
                headers=headers or {},
                timeout_s=timeout_s or operation.timeout_s,
            )
        )

    def _repeating(self, call: Call) -> Answer:
        begun_s = self.clock.monotonic_s()
        attempt = 0
        while True:
            attempt += 1
            self._pacer.wait_turn(call.operation, call.operation.subject(call.path))
            try:
                return self._exchange.send(call)
            except FlyError as error:
                decision = POLICY.decide(
                    attempt=attempt,
                    elapsed_s=self.clock.monotonic_s() - begun_s,
                    jitter=self.jitter(),
                    retry_after_s=asked_wait_s(error),
                )
                if not (decision.retry and may_repeat(call.operation.safety, error)):
                    raise
            self.clock.sleep(decision.wait_s)
