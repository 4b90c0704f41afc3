"""An app that answers only when it was given what it should be, and nothing else.

    python trial_app.py PORT SHA256-OF-ITS-SECRET

Answers 200 when the secret is the right one, nothing of the operator's AWS account is in the environment, and
the secret stands on no command line of this machine; 500 with the reason otherwise.
"""

from __future__ import annotations

import hashlib
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit


def _problem(expected: str) -> str:
    secret = os.environ.get("JWT_SECRET", "")
    if hashlib.sha256(secret.encode()).hexdigest() != expected:
        return "another secret"
    if any(name.startswith(("AWS_", "FLY_", "PULUMI_")) for name in os.environ):
        return "something of the operator's"
    password = unquote(urlsplit(os.environ["DATABASE_URL"]).password or "")
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if secret in words or password in words:
            return f"a secret stands in {line}"
    return ""


class Handler(BaseHTTPRequestHandler):
    """Answers everything alike."""

    def do_GET(self) -> None:  # the base class's name
        """Say whether all is well."""
        problem = _problem(sys.argv[2])
        sys.stdout.write(f"asked: {problem or 'ok'}\n")
        sys.stdout.flush()
        self.send_response(500 if problem else 200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
