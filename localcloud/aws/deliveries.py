"""HTTP deliveries that nobody waits for: a queue, a few threads, a timeout, a few attempts, loopback only."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from queue import Queue
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from lifeboat.core.clock import Clock
from lifeboat.core.loopback import is_loopback

_THREADS = 4
_TIMEOUT_S = 15.0
"""SNS developer guide, "Message delivery retries": an endpoint has 15 seconds to answer."""
_ATTEMPTS = 3
_WAIT_S = 1.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message for one endpoint."""

    url: str
    body: dict[str, Any]
    headers: dict[str, str]


class Deliveries:
    """Sends in the background; what cannot be delivered is logged and dropped."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queue: Queue[Delivery] = Queue()
        self._lock = Lock()
        self._is_started = False

    def send(self, delivery: Delivery) -> None:
        """Queue a delivery; an endpoint outside this machine is refused, in the log."""
        if not is_loopback(delivery.url):
            _log.warning("not delivered: %s is not on this machine", urlsplit(delivery.url).hostname)
            return
        self._start()
        self._queue.put(delivery)

    def _start(self) -> None:
        with self._lock:
            if not self._is_started:
                self._is_started = True
                for number in range(_THREADS):
                    Thread(target=self._work, name=f"delivery-{number}", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._deliver(self._queue.get())

    def _deliver(self, delivery: Delivery) -> None:
        import requests

        content = json.dumps(delivery.body)
        headers = {"Content-Type": "text/plain; charset=UTF-8", **delivery.headers}
        for _ in range(_ATTEMPTS):
            try:
                answer = requests.post(delivery.url, data=content, headers=headers, timeout=_TIMEOUT_S)
            except requests.RequestException as error:
                _log.warning("delivery to %s failed: %r", delivery.url, error)
            else:
                if answer.ok:
                    return
            self._clock.sleep(_WAIT_S)
