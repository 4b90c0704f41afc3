"""The entry point: finds the command, runs it, and turns what went wrong into one message and one exit code.

Commands are named here as text and imported when called, so `lifeboat --help` costs no AWS SDK. This module
is the composition root: the only place that knows every room; the rooms do not know each other.
"""

from __future__ import annotations

import importlib
import json
import sys

import click

from lifeboat.core.envelope import failure
from lifeboat.core.errors import LifeboatError

INTERRUPTED = 130
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("localcloud.commands.up:up", "Bring an environment up on the local cloud."),
    "preview": ("localcloud.commands.preview:preview", "Show what `up` would change on a local stack."),
    "refresh": ("localcloud.commands.refresh:refresh", "Read a local stack's objects again; shows drift."),
    "destroy": ("localcloud.commands.destroy:destroy", "Remove a local stack's unprotected resources."),
    "down": ("localcloud.commands.down:down", "End the local cloud; its state is kept."),
    "status": ("localcloud.commands.status:status", "Show what of the local cloud is running."),
    "cloud": ("localcloud.commands.cloud:cloud", "Work on the local cloud: faults, clock, reset."),
    "env": (
        "localcloud.commands.env:env",
        "Print the exports that let plain `pulumi` work on a local stack.",
    ),
    "outputs": ("scripts.cli.outputs:outputs", "Show the contract of an environment, and where it was read."),
    "secrets": ("scripts.cli.secrets:secrets", "List, set and generate secret values; they go nowhere else."),
    "runbook": ("scripts.cli.runbook:runbook", "Lint runbooks: commands that are gone or lose data."),
    "backup": ("scripts.cli.backup:backup", "Create, list, verify and prune logical copies of databases."),
    "database": ("scripts.cli.database:database", "Recover databases: restore to a moment."),
    "run": ("scripts.cli.run:run", "List, show, resume, abort and report the runs of recoveries."),
    "validate": ("infra.validate:validate", "Check environment data and its invariants; needs no cloud."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # click's signature
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            msg = f"{module}:{attribute} is not a command"
            raise TypeError(msg)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, so that help imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lifeboat")
def lifeboat() -> None:
    """Infrastructure for Fly.io + AWS that knows how to come back."""


def main() -> None:
    """Run the command line; never returns."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code.

    Errors of ours become a message on stderr (or the envelope on stdout with `--json`) without a traceback;
    any other exception is a bug and keeps its traceback.
    """
    try:
        result = lifeboat.main(args=arguments, prog_name="lifeboat", standalone_mode=False)
    except LifeboatError as error:
        _report(arguments, error)
        return error.exit_code
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return result if isinstance(result, int) else 0


def _report(arguments: list[str], error: LifeboatError) -> None:
    if "--json" in arguments:
        click.echo(json.dumps(failure(arguments[0], error), indent=2))
        return
    click.echo(f"error: {error.message}", err=True)
    if error.hint:
        click.echo(f"hint: {error.hint}", err=True)


if __name__ == "__main__":
    main()
