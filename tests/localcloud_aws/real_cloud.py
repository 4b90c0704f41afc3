"""A local AWS cloud whose databases are real servers, and clients of those."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.rds_world import HOME, describe, make_database
from tests.postgres.databases import open_directory
from tests.postgres.service_process import ServiceProcess
from tests.waiting import soon

PASSWORD = "correct-horse-battery"
SETTINGS: dict[str, Any] = {"EngineVersion": "16", "DBName": "app"}


class RealCloud:
    """The service, and the AWS cloud in front of it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.service = ServiceProcess(directory).start()
        self.aws = self._start_aws()

    def restart_aws(self) -> None:
        """End AWS in good order and start it again."""
        self.aws.stop()
        self.aws.port_file.unlink(missing_ok=True)
        self.aws = self._start_aws()

    def make(self, name: str = "main", **settings: object) -> dict[str, Any]:
        """Create a database and wait until it is available."""
        make_database(self.aws, name, **{**SETTINGS, **settings})
        return self.available(name)

    def available(self, name: str, region: str = HOME, within_s: float = 60.0) -> dict[str, Any]:
        """Wait until a database is available, and return it as described."""
        assert soon(lambda: self.status(name, region) not in _PASSING, within_s), self.status(name, region)
        found = describe(self.aws, name, region)
        assert found["DBInstanceStatus"] == "available", self.service.health()
        return found

    def status(self, name: str, region: str = HOME) -> str:
        """Return a database's status."""
        return str(describe(self.aws, name, region)["DBInstanceStatus"])

    def connect(self, name: str, region: str = HOME, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect to a database as its clients do, verifying in full."""
        endpoint = describe(self.aws, name, region)["Endpoint"]
        values = {
            "host": endpoint["Address"],
            "port": endpoint["Port"],
            "user": "lifeboat",
            "password": PASSWORD,
            "dbname": "app",
            "sslmode": "verify-full",
            "sslrootcert": self.service.health()["ca_file"],
            "connect_timeout": 10,
            **options,
        }
        return psycopg.connect(**values, autocommit=True)

    def restorable_after(self, name: str, moment: datetime, region: str = HOME) -> None:
        """Wait until a database can be restored to a later moment than this one."""

        def reaches() -> bool:
            window = self.restore_window(name, region)
            return bool(window and moment < window["LatestTime"])

        assert soon(reaches, 60), (moment, self.restore_window(name, region), self.service.health())

    def restorable_to(self, name: str, moment: datetime, region: str = HOME) -> None:
        """Wait until a database can be restored to a moment."""
        self.restorable_after(name, moment, region)
        window = self.restore_window(name, region)
        assert window["EarliestTime"] <= moment, (moment, window)

    def restore_window(self, name: str, region: str = HOME) -> dict[str, datetime]:
        """Return between which moments a database can be restored; empty while it cannot."""
        resource_id = describe(self.aws, name, region)["DbiResourceId"]
        rds = self.aws.client("rds", region)
        found = rds.describe_db_instance_automated_backups(DbiResourceId=resource_id)
        windows = [backup.get("RestoreWindow") for backup in found["DBInstanceAutomatedBackups"]]
        return dict(windows[0] or {}) if windows else {}

    def close(self) -> None:
        """End both."""
        self.aws.stop()
        self.service.close()

    @property
    def aws_directory(self) -> Path:
        """Where AWS keeps its state."""
        return self._directory / "aws"

    def _start_aws(self) -> CloudProcess:
        directory = self.aws_directory
        directory.mkdir(exist_ok=True)
        options = ("--transition-s", "0", "--tick-s", "0.25", "--databases", self.service.url)
        return CloudProcess(directory, *options).wait_until_ready()


_PASSING = {"creating", "modifying", "rebooting", "renaming", "resetting-master-credentials", "starting"}


@contextmanager
def real_cloud() -> Iterator[RealCloud]:
    """Run a cloud with real databases for as long as the block lasts."""
    with open_directory() as directory:
        cloud = RealCloud(directory)
        try:
            yield cloud
        finally:
            cloud.close()
