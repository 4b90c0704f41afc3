"""`lifeboat down`: the local cloud ends, what it holds is kept."""

from __future__ import annotations

import click

from localcloud.commands.answer import answer, json_option
from localcloud.commands.end_whole import end_whole_cloud
from localcloud.commands.setting import setting_of


@click.command()
@json_option
@click.pass_context
def down(context: click.Context, as_json: bool) -> None:
    """End the local cloud; its state is kept for the next `up`.

    Doing it twice is as good as once.
    """
    was_running = end_whole_cloud(setting_of(context).home.cloud)
    words = (
        "the local cloud has ended; its state is kept" if was_running else "the local cloud was not running"
    )
    answer("down", {"was_running": was_running}, (words,), as_json=as_json)
