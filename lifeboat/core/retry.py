"""When to try again: a pure decision, without a loop, a clock or a network.

The loop belongs to the caller, who owns the deadline and knows whether repeating the call is safe.
Exponential backoff with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"); the jitter is
handed in so that the decision stays a function of its arguments.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryDecision:
    """Whether to try again, and after how long."""

    retry: bool
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Limits of a retry: attempts, seconds in all, and the growth of the wait.

    Args:
        max_attempts: calls in all, the first included (>= 1).
        deadline_s: seconds after the first call past which no attempt is started.
        first_wait_s: ceiling of the wait after the first failure; it doubles from there.
        max_wait_s: ceiling of any wait.
    """

    max_attempts: int = 5
    deadline_s: float = 60.0
    first_wait_s: float = 0.2
    max_wait_s: float = 10.0

    def decide(
        self, *, attempt: int, elapsed_s: float, jitter: float, retry_after_s: float | None = None
    ) -> RetryDecision:
        """Say whether to try again after failed attempt number `attempt` (counted from 1).

        Args:
            attempt: the attempt that just failed, >= 1.
            elapsed_s: seconds since the first attempt began.
            jitter: a number in [0, 1] drawn by the caller.
            retry_after_s: what the server asked for; never shortened, refused when past the deadline.

        Returns:
            The decision; `wait_s` counts from now.
        """
        if attempt >= self.max_attempts:
            return RetryDecision(retry=False)
        ceiling_s = min(self.max_wait_s, self.first_wait_s * 2.0 ** (attempt - 1))
        wait_s = ceiling_s * jitter if retry_after_s is None else retry_after_s
        if elapsed_s + wait_s >= self.deadline_s:
            return RetryDecision(retry=False)
        return RetryDecision(retry=True, wait_s=wait_s)
