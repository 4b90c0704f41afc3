"""An empty data directory made once per version, and copied for every new server.

Making one takes `initdb` half a second; copying it a tenth. A copy gets a system identifier of its own, so
that no standby or archive can take one server's log for another's.

Neither is synced to disk: that would be two thousand files and take longer than all the rest. A server that
was just made can be lost with the machine's power, and with nothing less; from its first start on, fsync is
on.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from lifeboat.core.errors import Refused
from lifeboat.postgres.account import Account
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.configuration import write_ground
from localcloud.postgres.offline import run_offline
from localcloud.postgres.roles import server_statements
from localcloud.postgres.superuser import SUPERUSER
from localcloud.postgres.system_identifier import give_new_identifier

_TIMEOUT_S = 120.0
_SEGMENT_MIB = 4
_LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
_LAYOUT = 2
"""Raised when what a template holds changes, so that an older one is not used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The empty data directory of one version.

    Args:
        binaries: which version.
        account: who owns it.
        directory: where templates lie; threads and processes may share it.
    """

    binaries: Binaries
    account: Account
    directory: Path

    def copy_to(self, data: Path) -> None:
        """Make a data directory with no user of its own yet.

        Raises:
            Refused: the directory is there already, or lies where the account cannot go.
            ServerFailed: PostgreSQL could not make one.
        """
        if data.exists():
            msg = f"{data} is there already"
            raise Refused(msg)
        data.parent.mkdir(parents=True, exist_ok=True)
        self.account.check_reach(data)
        template = self._made()
        self.account.make_private(data)
        self._run(["cp", "-R", f"{template}/.", data])
        give_new_identifier(self.binaries, self.account, data)

    def _made(self) -> Path:
        place = self.directory / f"{self.binaries.version}-{_LAYOUT}"
        self.directory.mkdir(parents=True, exist_ok=True)
        self.account.check_reach(place)
        self.account.check_reach(self.binaries.postgres)
        try:
            with FileLock(self.directory / "lock", timeout=_TIMEOUT_S):
                if not place.exists():
                    self._make(place)
        except Timeout as error:
            msg = f"somebody else makes {place} and does not end"
            raise ServerFailed(msg) from error
        return place

    def _make(self, place: Path) -> None:
        with tempfile.TemporaryDirectory(dir=self.directory) as temporary:
            self.account.make_private(Path(temporary))
            data = Path(temporary) / "data"
            options = ["-U", SUPERUSER, "--auth=trust", "--data-checksums", "--no-sync", "--no-instructions"]
            # Whole segments are written, archived and copied, however little is in them.
            options += [f"--wal-segsize={_SEGMENT_MIB}"]
            locale = ["--encoding=UTF8", f"--locale={_LOCALE}"]
            self._run([self.binaries.initdb, "-D", data, *options, *locale])
            write_ground(self.account, data)
            run_offline(self.binaries, self.account, data, "template1", server_statements())
            _drop_log(data)
            data.rename(place)

    def _run(self, argv: list[str | Path]) -> None:
        answer = self.account.run(argv, timeout_s=_TIMEOUT_S)
        if answer.returncode != 0:
            msg = f"{Path(argv[0]).name} failed: {answer.stderr.strip()}"
            raise ServerFailed(msg)


def _drop_log(data: Path) -> None:
    # Half of the bytes, and of no use: a copy begins a log of its own.
    for segment in (data / "pg_wal").iterdir():
        if segment.is_file():
            segment.unlink()
