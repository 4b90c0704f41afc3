"""`lifeboat env`: the exports that make plain `pulumi` and `aws` work on a local stack."""

from __future__ import annotations

import os

import click

from lifeboat.core.identity import LOCAL
from localcloud.commands.answer import answer, json_option
from localcloud.commands.setting import setting_of
from localcloud.stack.access import aws_endpoint, stack_variables
from localcloud.stack.engine import Engine
from localcloud.stack.names import local_stack
from localcloud.stack.prepare import ensure_stack, prepare_files
from localcloud.stack.shell import shell_lines
from localcloud.supervisor.status import look_at_cloud


@click.command()
@click.argument("stack", default=LOCAL)
@json_option
@click.pass_context
def env(context: click.Context, stack: str, as_json: bool) -> None:
    """Print the exports that let plain `pulumi` work on a local stack.

    Use it as: eval "$(lifeboat env local)". Every AWS variable of the shell is replaced or unset, so that
    no real account can be meant; open another shell to get it back.
    """
    setting = setting_of(context)
    home = setting.home
    name = local_stack(stack, home)
    # What can be refused is refused before an engine is looked for, which may take minutes.
    aws_endpoint(home)
    prepare_files(name, home)
    directory = setting.engine()
    variables = stack_variables(name, home, environment=os.environ, engine=directory)
    environment = variables.apply(os.environ)
    ensure_stack(Engine(stack=name, directory=directory, project=home.project, environment=environment), home)
    running = look_at_cloud(home.cloud, now=setting.clock.now()).running
    warnings = [] if running else ["the local cloud is not running; start it with `lifeboat cloud up`"]
    data = {"set": dict(variables.set), "removed": list(variables.removed)}
    answer("env", data, shell_lines(variables), as_json=as_json, warnings=warnings)
