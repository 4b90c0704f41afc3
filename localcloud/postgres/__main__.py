"""`python -m localcloud.postgres`: parse, refuse early, serve, end every server."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from lifeboat.core.errors import LifeboatError
from localcloud.postgres.service import Options, serve


def main(argv: list[str] | None = None) -> int:
    """Run the databases until SIGTERM, SIGINT or the end of the lifeline; return the exit code."""
    options = _parse(argv)
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        asyncio.run(serve(options))
    except LifeboatError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return 0


def _parse(argv: list[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m localcloud.postgres", description="The PostgreSQL servers behind the local RDS."
    )
    parser.add_argument("--port", type=int, default=0, help="loopback port of the API; 0 takes any free one")
    parser.add_argument("--port-file", type=Path, required=True, help="gets the port once it answers")
    parser.add_argument("--state-file", type=Path, required=True, help="loaded at start, saved at changes")
    parser.add_argument("--directory", type=Path, required=True, help="data, backups and snapshots")
    parser.add_argument("--lifeline", action="store_true", help="stop when standard input ends")
    parser.add_argument(
        "--archive-interval-s", type=int, default=60, help="how often a server hands over its log; >= 1"
    )
    return Options(**vars(parser.parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
