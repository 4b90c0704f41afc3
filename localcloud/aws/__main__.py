"""`python -m localcloud.aws`: parse, refuse early, load, serve, save."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from pathlib import Path

from lifeboat.core.errors import LifeboatError
from localcloud.aws.environment import clean_environment
from localcloud.aws.pinned_moto import require_pinned_moto
from localcloud.aws.process import Options, run


def main(argv: list[str] | None = None) -> int:
    """Run the local AWS cloud until SIGTERM, SIGINT or the end of its lifeline; return the exit code."""
    options = _parse(argv)
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
    )
    # Says "queue depth" whenever many clients come at once, which they may.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    clean_environment(os.environ)
    try:
        require_pinned_moto()
        run(options)
    except LifeboatError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return 0


def _parse(argv: list[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m localcloud.aws", description="The local AWS cloud.")
    parser.add_argument("--port", type=int, default=0, help="loopback port; 0 takes any free one")
    parser.add_argument("--port-file", type=Path, required=True, help="gets the port once it answers")
    parser.add_argument("--state-file", type=Path, required=True, help="loaded at start, saved at the end")
    parser.add_argument("--lifeline", action="store_true", help="stop when standard input ends")
    parser.add_argument("--transition-s", type=float, default=1.0, help="seconds a database stays `creating`")
    parser.add_argument("--tick-s", type=float, default=0.5, help="seconds between background rounds")
    parser.add_argument("--databases", default="", help="address of the service that runs RDS's servers")
    found = parser.parse_args(argv)
    return Options(**vars(found))


if __name__ == "__main__":
    # A second signal while the state is being saved must not cut the save short.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(main())
