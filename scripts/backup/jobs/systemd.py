"""A service and a timer per duty. `Persistent=true` makes up for a night the machine was off.

Source: systemd.timer(5), systemd.service(5), systemd.time(7), "Calendar events".
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from lifeboat.core.cron import Schedule
from scripts.backup.jobs.duty import Duty, JobFile, ranges

_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_FOLDER = "/etc/systemd/system"
_SERVICE = """\
[Unit]
Description=Lifeboat: {about}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={directory}
EnvironmentFile=-/etc/lifeboat/{environment}.env
ExecStart={command}
TimeoutStartSec=infinity
Nice=10
PrivateTmp=true
"""
_TIMER = """\
[Unit]
Description=Lifeboat: {about}

[Timer]
{calendars}
Persistent=true
AccuracySec=30s

[Install]
WantedBy=timers.target
"""


def systemd(
    environment: str, duties: Sequence[Duty], directory: PurePosixPath, user: str
) -> tuple[JobFile, ...]:
    """Return the units.

    Args:
        environment: names them.
        duties: what runs when.
        directory: the checkout.
        user: whose account runs it.
    """
    files = []
    program = directory / ".venv" / "bin" / "lifeboat"
    for duty in duties:
        unit = f"{_FOLDER}/lifeboat-{environment}-{duty.name}"
        command = " ".join(_quoted(word) for word in (str(program), *duty.arguments))
        service = _SERVICE.format(
            about=duty.about,
            user=user,
            directory=str(directory).replace("%", "%%"),
            environment=environment,
            command=command,
        )
        calendars = "\n".join(f"OnCalendar={each}" for each in calendar_events(duty.schedule))
        timer = _TIMER.format(about=duty.about, calendars=calendars)
        files += [
            JobFile(path=f"{unit}.service", content=service),
            JobFile(path=f"{unit}.timer", content=timer),
        ]
    return tuple(files)


def calendar_events(schedule: Schedule) -> tuple[str, ...]:
    """Return a schedule as calendar events; two when either of cron's day fields is enough."""
    months = _field(schedule.months, range(1, 13))
    days = _field(schedule.days, range(1, 32))
    times = f"{_field(schedule.hours, range(24))}:{_field(schedule.minutes, range(60))}:00 UTC"
    weekdays = "" if len(schedule.weekdays) == len(_DAYS) else f"{_weekdays(schedule)} "
    if schedule.either_day:
        return (f"*-{months}-{days} {times}", f"{weekdays}*-{months}-* {times}")
    return (f"{weekdays}*-{months}-{days} {times}",)


def _field(values: frozenset[int], every: range) -> str:
    if values == frozenset(every):
        return "*"
    spans = ranges(sorted(values))
    return ",".join(f"{first:02d}" if first == last else f"{first:02d}..{last:02d}" for first, last in spans)


def _weekdays(schedule: Schedule) -> str:
    return ",".join(_DAYS[day] for day in sorted(schedule.weekdays))


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if escaped != word or " " in word else word
