"""A small real service for the supervisor's tests: answers its health path, counts its starts in its state.

`--mode` makes it misbehave: `crash` ends before it is ready, `refuse` ends with exit code 2, `slow` is never
ready, `deaf` ignores SIGTERM and its lifeline.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class Health(BaseHTTPRequestHandler):
    """Answers every path as if it were the health path."""

    ready = True

    def do_GET(self) -> None:
        """Say whether the service is ready."""
        body = json.dumps({"ready": self.ready, "pid": os.getpid()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    parser.add_argument("--port-file", type=Path)
    parser.add_argument("--state-file", type=Path)
    parser.add_argument("--mode", default="steady")
    options = parser.parse_args()
    sys.stderr.write(f"child in mode {options.mode}\n")
    if options.mode in ("crash", "refuse"):
        sys.stderr.write("this is why it ended\n")
        return 2 if options.mode == "refuse" else 1
    starts = json.loads(options.state_file.read_text())["starts"] if options.state_file.exists() else 0
    Health.ready = options.mode != "slow"
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Health)

    def end(*_: object) -> None:
        options.state_file.write_text(json.dumps({"starts": starts + 1}))
        os._exit(0)

    def end_with_lifeline() -> None:
        sys.stdin.buffer.read()
        end()

    if options.mode == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, end)
        Thread(target=end_with_lifeline, daemon=True).start()
    options.port_file.write_text(str(options.port))
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
