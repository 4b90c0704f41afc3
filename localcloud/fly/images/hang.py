"""An image that accepts connections and never answers; it ends when told to."""

from __future__ import annotations

import os
import socket
from threading import Event, Thread

from localcloud.ending import ending, has_lifeline
from localcloud.fly.images.demo.journal import note


def main() -> None:
    """Accept and say nothing."""
    told = ending(lifeline=has_lifeline())
    with socket.create_server(("127.0.0.1", int(os.environ.get("PORT", "8080")))) as listener:
        note("start", image="hang", port=listener.getsockname()[1])
        Thread(target=_accept, args=(listener, told), name="accept", daemon=True).start()
        told.wait()
    note("stop", image="hang")


def _accept(listener: socket.socket, told: Event) -> None:
    held = []
    while not told.is_set():
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        held.append(connection)


if __name__ == "__main__":
    main()
