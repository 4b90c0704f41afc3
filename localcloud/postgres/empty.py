"""A new, empty server's data: the template, parameters, a master user, a first database."""

from __future__ import annotations

import shutil
from pathlib import Path

from localcloud.postgres.configuration import PARAMETERS, write_part
from localcloud.postgres.offline import run_offline
from localcloud.postgres.roles import Master, master_statements
from localcloud.postgres.settings import Settings
from localcloud.postgres.superuser import OWN_DATABASE
from localcloud.postgres.template import Template


def make_empty(
    template: Template, data: Path, *, master: Master, database: str | None, settings: Settings
) -> None:
    """Make the data directory of a new server; nothing is left of one that could not be made.

    Args:
        template: of the wanted version.
        data: where; not there yet.
        master: its master user.
        database: name of the first database besides `postgres`; None for no other.
        settings: a parameter group's values, checked.

    Raises:
        Refused: a name, password or place that cannot be used.
        ServerFailed: PostgreSQL could not make it.
    """
    statements = master_statements(master, database)
    template.copy_to(data)
    try:
        write_part(template.account, data, PARAMETERS, dict(settings.applied))
        run_offline(template.binaries, template.account, data, OWN_DATABASE, statements)
    except BaseException:
        shutil.rmtree(data)
        raise
