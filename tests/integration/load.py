"""Visitors of an app: several threads that ask for its page without a break, and remember every answer."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from lifeboat.core.clock import SystemClock

_TIMEOUT_S = 15.0
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One answer; `trouble` is empty when it was a 200."""

    version: str = ""
    region: str = ""
    trouble: str = ""


class SteadyLoad:
    """Visits a URL from entering to leaving the block.

    Args:
        url: the app's address on this machine.
        visitors: threads.
        pause_s: between two requests of one of them.
    """

    def __init__(self, url: str, *, visitors: int = 4, pause_s: float = 0.03) -> None:
        self.visits: list[Visit] = []
        self._url = url
        self._visitors = visitors
        self._pause_s = pause_s
        self._over = threading.Event()
        self._clock = SystemClock()
        self._pool = ThreadPoolExecutor(max_workers=visitors)

    def __enter__(self) -> Self:
        self._running = [self._pool.submit(self._visit) for _ in range(self._visitors)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._pool.shutdown(wait=True)
        for visitor in self._running:
            visitor.result()

    @property
    def failures(self) -> Counter[str]:
        """What went wrong, and how often."""
        return Counter(visit.trouble for visit in self.visits if visit.trouble)

    @property
    def versions(self) -> Counter[str]:
        """Which versions answered."""
        return Counter(visit.version for visit in self.visits if not visit.trouble)

    @property
    def regions(self) -> Counter[str]:
        """Which regions answered."""
        return Counter(visit.region for visit in self.visits if not visit.trouble)

    def _visit(self) -> None:
        with httpx.Client(timeout=_TIMEOUT_S, trust_env=False) as client:
            while not self._over.is_set():
                self.visits.append(_ask(client, self._url))
                self._clock.sleep(self._pause_s)


def _ask(client: httpx.Client, url: str) -> Visit:
    try:
        answer = client.get(url)
    except httpx.HTTPError as error:
        return Visit(trouble=type(error).__name__)
    if answer.status_code != _OK:
        return Visit(trouble=f"{answer.status_code} {answer.text[:200]}")
    return Visit(version=answer.headers["x-lifeboat-version"], region=answer.headers["x-lifeboat-region"])
