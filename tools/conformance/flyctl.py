"""`python -m tools.conformance.flyctl --flyctl PATH`: the real flyctl against an emulated Fly of its own.

Not part of `make test`: flyctl cannot be installed by the project's own files. Every command of the table
runs in order; its output and then the world are looked at; the table is printed and the exit code is 10 when
a row failed. It takes about three minutes, most of them the ten seconds flyctl watches each new machine.

What commands of old runbooks answer, measured by the same table (flyctl v2026.8):

    releases list; releases rollback v1   unknown command; exit 1
    deploy --image …:[VERSION]            could not find image; nothing changes
    regions add sea; regions remove sjc   no longer supported; use scale count
    scale count 3 --region sea            refused by the API for each machine; nothing changes
    scale count 0                         works, and destroys the machines: it is no stop
    machine restart                       a machine ID must be specified without a terminal
    logs --tail; logs --limit 100         unknown flag
    postgres backup restore --at …        unknown flag
    postgres backup restore <id>          no active leader found
    ssh console -C …                      needs WireGuard, which is not emulated; use machine exec
    apps restart APP                      current, but needs WireGuard too; restart each machine instead
    secrets set, one by one               works, and rolls the whole app each time
    certs remove + certs add              works, and spends the weekly limit of the certificate authority
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import ConfigError, Findings, LifeboatError
from tools.conformance.case import Case
from tools.conformance.flyctl_cases import APP, CASES, LAST, OBSOLETE, placeholders
from tools.conformance.local_fly import Flyctl, World, local_fly

_WITHOUT_APP = ("platform", "orgs", "apps")
_PAUSE_S = 1.1
_FLY_TOML = f"""app = "{APP}"
primary_region = "sjc"

[http_service]
  internal_port = 8080
  auto_stop_machines = "off"
  min_machines_running = 1

  [[http_service.checks]]
    method = "GET"
    path = "/health/live"
    interval = "2s"
    timeout = "2s"
    grace_period = "1s"
"""


def main(argv: list[str] | None = None) -> int:
    """Run the table and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.conformance.flyctl", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--flyctl", type=Path, required=True, help="the program under test")
    program: Path = parser.parse_args(argv).flyctl
    try:
        failed = _run(program)
    except LifeboatError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return Findings.exit_code if failed else 0


def _run(program: Path) -> int:
    if not program.is_file():
        raise ConfigError(f"there is no flyctl at {program}")
    with tempfile.TemporaryDirectory() as text, local_fly(Path(text)) as url:
        home = Path(text) / "home"
        home.mkdir()
        (home / "fly.toml").write_text(_FLY_TOML)
        world = World(url)
        try:
            return _report(Flyctl(program.absolute(), url, home), world, (*CASES, *OBSOLETE, *LAST))
        finally:
            world.close()


def _report(flyctl: Flyctl, world: World, cases: Iterable[Case]) -> int:
    table = Table("command", "code", "seconds", "verdict")
    failed = 0
    clock = SystemClock()
    for case in cases:
        # Quicker than people: Fly allows one lease per second and machine, and flyctl would leave one behind.
        clock.sleep(_PAUSE_S)
        command = case.command.format(**placeholders(world))
        ran = flyctl.run(*_arguments(command))
        wrong = case.verdict(ran, world)
        table.add_row(command, str(ran.code), f"{ran.took_s:.1f}", wrong or "as expected")
        sys.stderr.write(f"{'FAILED' if wrong else 'ok':>6}  {command}\n")
        if wrong:
            failed += 1
            sys.stderr.write(f"{wrong}\n{ran.output}\n")
    Console().print(table)
    return failed


def _arguments(command: str) -> list[str]:
    parts = command.split()
    return parts if parts[0] in _WITHOUT_APP else [*parts, "--app", APP]


if __name__ == "__main__":
    sys.exit(main())
