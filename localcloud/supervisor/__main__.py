"""Runs the supervisor: `python -m localcloud.supervisor run --directory DIRECTORY`.

`up` starts it detached with `--lifeline`; by hand, without it, it runs in the foreground until Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import signal
import sys
from pathlib import Path

from lifeboat.core.clock import SystemClock
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.logfile import limit_log
from localcloud.supervisor.service import Service
from localcloud.supervisor.services import TABLE
from localcloud.supervisor.supervisor import Supervisor


def main(arguments: list[str]) -> int:
    """Read the command line, own the cloud until its end, and return the exit code."""
    options = _parser().parse_args(arguments)
    directory = CloudDirectory(options.directory.resolve())
    directory.root.mkdir(parents=True, exist_ok=True)
    limit_log(directory.log)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    supervisor = Supervisor(
        directory, load_table(options.table), clock=SystemClock(), new_ports=options.new_ports
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: supervisor.request_stop())
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if options.lifeline:
        supervisor.hold_to(sys.stdin.buffer)
    return supervisor.run()


def load_table(name: str) -> tuple[Service, ...]:
    """Import a table of services from `module:attribute`."""
    module, attribute = name.split(":")
    table = getattr(importlib.import_module(module), attribute)
    if not isinstance(table, tuple) or not all(isinstance(service, Service) for service in table):
        msg = f"{name} is not a table of services"
        raise TypeError(msg)
    return table


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m localcloud.supervisor")
    run = parser.add_subparsers(required=True).add_parser("run", help="own the local cloud until told to end")
    run.add_argument("--directory", type=Path, required=True)
    run.add_argument("--table", default=TABLE, help="module:attribute of the services")
    run.add_argument("--new-ports", action="store_true", help="forget the ports of the last run")
    run.add_argument("--lifeline", action="store_true", help="end when standard input ends, unless claimed")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
