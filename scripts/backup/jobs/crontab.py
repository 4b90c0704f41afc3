"""Lines of a crontab. `CRON_TZ` makes the fields UTC whatever the machine's clock shows.

Source: crontab(5) of cronie. A cron that does not know CRON_TZ runs them in its own time zone; the comment
says so, because nothing in a crontab can tell.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import PurePosixPath

from scripts.backup.jobs.duty import Duty, JobFile


def crontab(
    environment: str, duties: Sequence[Duty], directory: PurePosixPath, user: str
) -> tuple[JobFile, ...]:
    """Return the file for /etc/cron.d.

    Args:
        environment: names the file.
        duties: what runs when.
        directory: the checkout.
        user: whose account runs it.
    """
    program = directory / ".venv" / "bin" / "lifeboat"
    lines = [
        "# Times are UTC. A cron that ignores CRON_TZ (see crontab(5)) wants the machine itself set to UTC.",
        "CRON_TZ=UTC",
        "# Settings such as PGSSLROOTCERT and AWS_PROFILE go here, a line each.",
    ]
    for duty in duties:
        words = shlex.join([str(program), *duty.arguments])
        command = f"cd {shlex.quote(str(directory))} && {words}"
        # A percent sign ends the command in a crontab.
        escaped = command.replace("%", "\\%")
        lines += [f"# {duty.about}", f"{duty.expression} {user} {escaped}"]
    return (JobFile(path=f"/etc/cron.d/lifeboat-{environment}", content="\n".join(lines) + "\n"),)
