"""`python -m localcloud.fly`: parse, refuse early, load, serve, save."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from lifeboat.core.errors import LifeboatError
from localcloud.fly.process import Options, serve


def main(argv: list[str] | None = None) -> int:
    """Run the local Fly until SIGTERM, SIGINT or the end of its lifeline; return the exit code."""
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
    parser = argparse.ArgumentParser(prog="python -m localcloud.fly", description="The local Fly.")
    parser.add_argument("--port", type=int, default=0, help="loopback port of the APIs; 0 takes any free one")
    parser.add_argument("--port-file", type=Path, required=True, help="gets the port once it answers")
    parser.add_argument("--proxy-port", type=int, default=0, help="loopback port of the edge; 0: any free")
    parser.add_argument("--proxy-port-file", type=Path, help="gets the edge's port once it answers")
    parser.add_argument("--state-file", type=Path, required=True, help="loaded at start, saved at the end")
    parser.add_argument("--directory", type=Path, help="volumes and logs; beside the state file by default")
    parser.add_argument("--lifeline", action="store_true", help="stop when standard input ends")
    parser.add_argument("--seed", default="lifeboat", help="what identifiers are derived from")
    parser.add_argument("--org", action="append", default=[], help="a further organisation's slug")
    found = parser.parse_args(argv)
    found.directory = found.directory or found.state_file.with_name(f"{found.state_file.name}.d")
    found.org = tuple(found.org)
    return Options(**vars(found))


if __name__ == "__main__":
    sys.exit(main())
