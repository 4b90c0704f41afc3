"""Job definitions, read by real parsers: each runs exactly when the environment's schedule says."""

from __future__ import annotations

import configparser
import itertools
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

import pytest
import yaml

from lifeboat.core.contract import Contract
from lifeboat.core.cron import Schedule, parse_schedule
from lifeboat.core.errors import ConfigError
from lifeboat.core.metrics import RECOVERY_SERIES
from scripts.backup.jobs.crontab import crontab
from scripts.backup.jobs.duty import JobFile, duties
from scripts.backup.jobs.github import github_workflow
from scripts.backup.jobs.systemd import calendar_events, systemd
from tests.builders import ACCOUNT, a_contract, a_contract_document

HERE = PurePosixPath("/srv/lifeboat 50%")
EXPRESSIONS = (
    "0 2 * * *",
    "*/15 0-6/2 * * 1-5",
    "30 3 1,15 * *",
    "0 4 1 * 0",
    "5,35 23 * 2,7-9 7",
    "0 2 31 12 *",
)
_EVENT = re.compile(
    r"(?:(?P<days>[A-Z][a-z,A-Z]+) )?\*-(?P<month>\S+)-(?P<day>\S+) (?P<hour>.+):(?P<minute>.+):00 UTC"
)
_NAMES = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


def a_scheduled(expression: str = "0 2 * * *") -> Contract:
    backups = {**a_contract_document()["backups"], "schedule": expression}
    return a_contract(backups=backups, roles={"backup": f"arn:aws:iam::{ACCOUNT}:role/paintbox-backup"})


def _span(text: str, every: range) -> set[int]:
    values: set[int] = set()
    for item in text.split(","):
        first, _, last = item.partition("..")
        values |= set(every) if first == "*" else set(range(int(first), int(last or first) + 1))
    return values


def _happens(event: str, at: datetime) -> bool:
    """Read a calendar event as systemd.time(7) describes it."""
    found = _EVENT.fullmatch(event)
    assert found is not None, event
    names = _NAMES if found["days"] is None else found["days"].split(",")
    return (
        _NAMES[at.isoweekday() % 7] in names
        and at.month in _span(found["month"], range(1, 13))
        and at.day in _span(found["day"], range(1, 32))
        and at.hour in _span(found["hour"], range(24))
        and at.minute in _span(found["minute"], range(60))
    )


def _runs(schedule: Schedule, at: datetime) -> bool:
    return schedule.runs_on(at.date()) and at.hour in schedule.hours and at.minute in schedule.minutes


def _moments(start: datetime) -> Iterator[datetime]:
    return (start + timedelta(minutes=5 * number) for number in itertools.count())


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_calendar_events_happen_exactly_when_cron_runs(expression: str) -> None:
    schedule = parse_schedule(expression)
    events = calendar_events(schedule)
    for at in itertools.islice(_moments(datetime(2027, 1, 1, tzinfo=UTC)), 0, 366 * 288, 1):
        assert any(_happens(event, at) for event in events) == _runs(schedule, at), at


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_systemd_itself_reads_them_where_it_is_there(expression: str) -> None:
    program = shutil.which("systemd-analyze")
    events, schedule = calendar_events(parse_schedule(expression)), parse_schedule(expression)
    for event in events if program else ():
        said = subprocess.run(
            [str(program), "calendar", "--iterations=5", event], capture_output=True, text=True, check=True
        ).stdout
        moments = re.findall(r"\w{3} (\d{4}-\d\d-\d\d \d\d:\d\d):00 UTC", said)
        assert moments, said
        for text in moments:
            assert _runs(schedule, datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)), said


def test_units_are_complete_and_catch_up_after_a_night_off() -> None:
    contract = a_scheduled()
    files = systemd("production", duties(contract, "production"), HERE, "backup")
    names = [each.path.rpartition("/")[2] for each in files]
    assert names == [
        f"lifeboat-production-{duty}.{kind}"
        for duty in ("backup", "backup-age")
        for kind in ("service", "timer")
    ]
    service, timer = (_unit(each) for each in files[:2])
    assert timer["Timer"]["OnCalendar"] == "*-*-* 02:00:00 UTC"
    assert timer["Timer"]["Persistent"] == "true"
    assert service["Service"]["ExecStart"] == (
        '"/srv/lifeboat 50%%/.venv/bin/lifeboat" backup nightly --stack production --json'
    )
    assert service["Service"]["WorkingDirectory"] == "/srv/lifeboat 50%%"


def _unit(file: JobFile) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys are case-sensitive
    parser.read_string(file.content)
    return parser


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_crontab_is_in_utc_and_runs_one_command_of_ours_a_line(expression: str) -> None:
    contract = a_scheduled(expression)
    [file] = crontab("production", duties(contract, "production"), HERE, "backup")
    assert file.path == "/etc/cron.d/lifeboat-production"
    lines = [line for line in file.content.splitlines() if not line.startswith("#")]
    assert lines[0] == "CRON_TZ=UTC"
    for line, verb in zip(lines[1:], ("nightly", "age"), strict=True):
        *fields, user, command = line.split(" ", 6)
        parse_schedule(" ".join(fields))
        assert user == "backup"
        assert re.search(r"(?<!\\)%", command) is None
        words = shlex.split(command.replace("\\%", "%"))
        assert words[:3] == ["cd", str(HERE), "&&"]
        assert words[3] == f"{HERE}/.venv/bin/lifeboat"
        assert words[4:6] == ["backup", verb]
    assert lines[1].startswith(f"{expression} ")


def test_a_workflow_takes_the_backup_role_by_oidc_and_may_do_nothing_else() -> None:
    contract = a_scheduled("15 2 * * *")
    [file] = github_workflow(contract, duties(contract, "production"), "inside")
    workflow = yaml.safe_load(file.content)
    assert workflow["permissions"] == {}
    assert [each["cron"] for each in workflow["on"]["schedule"]] == ["15 2 * * *", "*/5 * * * *"]
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read", "id-token": "write"}
        assert (job["environment"], job["runs-on"]) == ("production-backup", "inside")
        [credentials] = [step["with"] for step in job["steps"] if "aws-actions" in step.get("uses", "")]
        assert credentials["role-to-assume"] == contract.roles["backup"]
    assert workflow["jobs"]["backup"]["concurrency"]["cancel-in-progress"] is False
    assert "secrets." not in file.content
    with pytest.raises(ConfigError, match="no role 'backup'"):
        github_workflow(a_contract(), duties(a_contract(), "production"), "inside")


def test_ages_are_told_at_least_once_in_every_datapoint() -> None:
    shortest_s = min(series.interval_s for series in RECOVERY_SERIES)
    minutes = sorted(duties(a_scheduled(), "production")[1].schedule.minutes)
    assert all((later - earlier) * 60 <= shortest_s for earlier, later in itertools.pairwise(minutes))


@pytest.mark.parametrize(
    "expression", ["", "0 2 * *", "61 2 * * *", "0 2 31 2 *", "@daily", "0 2 * * * ; rm"]
)
def test_a_bad_schedule_is_refused(expression: str) -> None:
    with pytest.raises(ConfigError, match=r"backups\.schedule"):
        duties(a_scheduled(expression), "production")
