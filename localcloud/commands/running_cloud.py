"""The admin API of the cloud that runs, for commands that need one."""

from __future__ import annotations

import click

from lifeboat.core.errors import Refused
from localcloud.commands.setting import setting_of
from localcloud.stack.access import aws_endpoint
from localcloud.supervisor.admin import AdminApi
from localcloud.supervisor.status import look_at_cloud


def running_cloud(context: click.Context) -> AdminApi:
    """Return the admin API of the local cloud.

    Raises:
        Refused: it is not running.
    """
    setting = setting_of(context)
    if not look_at_cloud(setting.home.cloud, now=setting.clock.now()).running:
        raise Refused("the local cloud is not running", hint="start it with `lifeboat cloud up`")
    return AdminApi(aws_endpoint(setting.home))
