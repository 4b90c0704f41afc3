"""The admin APIs of the cloud that runs, for commands that need them."""

from __future__ import annotations

import click

from lifeboat.core.errors import Refused
from localcloud.commands.setting import setting_of
from localcloud.stack.access import aws_endpoint, databases_endpoint, fly_endpoint
from localcloud.supervisor.admin import AdminApi
from localcloud.supervisor.services import AWS, DATABASES, FLY
from localcloud.supervisor.status import look_at_cloud


def running_cloud(context: click.Context) -> dict[str, AdminApi]:
    """Return the admin API of each part of the local cloud: `aws`, `fly` and `databases`.

    Raises:
        Refused: it is not running.
    """
    setting = setting_of(context)
    if not look_at_cloud(setting.home.cloud, now=setting.clock.now()).running:
        raise Refused("the local cloud is not running", hint="start it with `lifeboat cloud up`")
    home = setting.home
    return {
        AWS: AdminApi(aws_endpoint(home)),
        FLY: AdminApi(fly_endpoint(home)),
        DATABASES: AdminApi(databases_endpoint(home)),
    }
