"""What RDS does not take in a request about an instance, with its codes: pure checks of given values.

RDS API reference, CreateDBInstance and ModifyDBInstance. The names are those of the API. Rules that need the
region's other objects (groups, keys, names) are the repairs'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from localcloud.aws.rds.instance_classes import Offer, offer_of
from localcloud.aws.rds.refusal import BAD_COMBINATION, BAD_VALUE, refusal
from localcloud.aws.rds.windows import Window, daily_window, weekly_window

Given = Mapping[str, object]

_RETENTION_MAX_DAYS = 35
_PORTS = range(1_150, 65_536)
_WINDOW_MIN = 30
_DAY_MIN = 24 * 60
_PASSWORD_LENGTHS = (8, 128)
_PASSWORD = re.compile(r"[!-~]*")
_NOT_IN_PASSWORD = set('/@" ')
_USER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
_RESERVED = frozenset({"admin", "rdsadmin", "rds_superuser", "rdsrepladmin", "user", "public", "none"})
_VERSION = re.compile(r"(\d+)(\.\d+)?(?:-R\d+)?")
_MAJORS = range(9, 19)
_BACKUPS = ("04:00-04:30", "13:14-13:44", "20:00-20:30")


def check_values(given: Given) -> None:
    """Check every value that stands for itself.

    Raises:
        RDSClientError: InvalidParameterValue.
    """
    days = given.get("BackupRetentionPeriod")
    if isinstance(days, int) and not 0 <= days <= _RETENTION_MAX_DAYS:
        message = f"Invalid backup retention period: {days}. It must be between 0 and {_RETENTION_MAX_DAYS}."
        raise refusal(BAD_VALUE, message)
    port = given.get("Port") or given.get("DBPortNumber")
    if isinstance(port, int) and port not in _PORTS:
        message = f"Invalid endpoint port {port}, must be between {_PORTS[0]} and {_PORTS[-1]}"
        raise refusal(BAD_VALUE, message)
    password = given.get("MasterUserPassword")
    if password is not None:
        _check_password(str(password))


def check_master(given: Given) -> None:
    """Check the master user of a new instance, which has to have one, and one password.

    Raises:
        RDSClientError: InvalidParameterValue or InvalidParameterCombination.
    """
    user, is_managed = str(given.get("MasterUsername") or ""), bool(given.get("ManageMasterUserPassword"))
    if _USER.fullmatch(user) is None:
        raise refusal(BAD_VALUE, f"Invalid master user name: {user!r}")
    if user.lower() in _RESERVED:
        message = f"MasterUsername {user} cannot be used as it is a reserved word used by the engine"
        raise refusal(BAD_VALUE, message)
    if is_managed == (given.get("MasterUserPassword") is not None):
        if is_managed:
            message = "You can't specify MasterUserPassword when you use ManageMasterUserPassword."
            raise refusal(BAD_COMBINATION, message)
        message = "The parameter MasterUserPassword must be provided and must not be blank."
        raise refusal(BAD_VALUE, message)


def check_class(name: str, engine_version: str) -> None:
    """Check a class for PostgreSQL.

    Raises:
        RDSClientError: InvalidParameterValue when there is none of that name, InvalidParameterCombination
            when it is not for this engine.
    """
    match offer_of(name):
        case Offer.UNKNOWN:
            raise refusal(BAD_VALUE, f"Invalid DB Instance class: {name}")
        case Offer.NOT_FOR_POSTGRESQL:
            message = (
                "RDS does not support creating a DB instance with the following combination: "
                f"DBInstanceClass={name}, Engine=postgres, EngineVersion={engine_version}."
            )
            raise refusal(BAD_COMBINATION, message)


def major_of(version: str) -> int:
    """Return the major version of an engine version.

    Raises:
        RDSClientError: InvalidParameterCombination: RDS never had it.
    """
    found = _VERSION.fullmatch(version)
    if found is None or int(found[1]) not in _MAJORS:
        raise refusal(BAD_COMBINATION, f"Cannot find version {version} for postgres")
    return int(found[1])


def check_upgrade(before: str, after: str, *, is_major_allowed: bool) -> None:
    """Check a change of engine version.

    Raises:
        RDSClientError: InvalidParameterCombination.
    """
    old, new = major_of(before), major_of(after)
    is_downgrade = new < old or (new == old and _minor(after) < _minor(before) and "." in after)
    if is_downgrade:
        raise refusal(BAD_COMBINATION, f"Cannot upgrade postgres from {before} to {after}")
    if new > old and not is_major_allowed:
        message = "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
        raise refusal(BAD_COMBINATION, message)


def check_windows(backup: str | None, maintenance: str | None) -> None:
    """Check both windows, given or kept.

    Raises:
        RDSClientError: InvalidParameterValue.
    """
    daily = _window("backup", backup, "hh24:mi-hh24:mi (24H Clock UTC). Example: 04:00-04:30")
    weekly = _window(
        "maintenance",
        maintenance,
        "ddd:hh24:mi-ddd:hh24:mi (24H Clock UTC). Example: Sun:23:45-Mon:00:15",
    )
    if weekly is not None and weekly.length_min > _DAY_MIN:
        raise refusal(BAD_VALUE, "Maintenance window must be less than 24 hours.")
    if daily is not None and weekly is not None and daily.overlaps(weekly):
        raise refusal(BAD_VALUE, "The backup window and maintenance window must not overlap.")


def free_backup_window(maintenance: str) -> str:
    """Return a backup window apart from a maintenance window; RDS chooses one when none is given."""
    weekly = weekly_window(maintenance)
    free = (one for one in _BACKUPS if weekly and (daily := daily_window(one)) and not daily.overlaps(weekly))
    return next(free, _BACKUPS[0])


def _window(kind: str, text: str | None, form: str) -> Window | None:
    if text is None:
        return None
    window = daily_window(text) if kind == "backup" else weekly_window(text)
    if window is None:
        message = f"Invalid {kind} window format: {text}. Should be specified as a range {form}"
        raise refusal(BAD_VALUE, message)
    if window.length_min < _WINDOW_MIN:
        raise refusal(BAD_VALUE, f"The {kind} window must be at least {_WINDOW_MIN} minutes.")
    return window


def _check_password(password: str) -> None:
    least, most = _PASSWORD_LENGTHS
    start = "The parameter MasterUserPassword is not a valid password"
    if len(password) < least:
        raise refusal(BAD_VALUE, f"{start} because it is shorter than {least} characters.")
    if len(password) > most:
        raise refusal(BAD_VALUE, f"{start} because it is longer than {most} characters.")
    if _PASSWORD.fullmatch(password) is None or _NOT_IN_PASSWORD & set(password):
        allowed = "Only printable ASCII characters besides '/', '@', '\"', ' ' may be used."
        raise refusal(BAD_VALUE, f"{start}. {allowed}")


def _minor(version: str) -> int:
    minor = version.partition(".")[2].partition("-")[0]
    return int(minor) if minor.isdigit() else 0
