"""The account PostgreSQL runs under: PostgreSQL refuses to be root, so a root process runs it as nobody.

A checkout of root's often lies in a directory that is closed to everybody else. On Linux the account is
therefore given leave to pass through directories (CAP_DAC_READ_SEARCH) and to write nowhere but in its own.
Without that leave we say which directory is closed instead of letting the server say "permission denied".
"""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lifeboat.core.errors import Refused
from lifeboat.postgres.failure import ServerFailed

_ROOT = 0
_UNPRIVILEGED = "nobody"
_PRIVATE = 0o700
# Nothing of our own environment: a PGDATA, PGOPTIONS or LC_ALL of the operator's would change the server.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
# Number of CAP_DAC_READ_SEARCH in capability sets (linux/capability.h).
_READ_SEARCH = 2
_SETS = ("inh", "ambient")
_STATUS_FILE = Path("/proc/self/status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who runs PostgreSQL's programs.

    Args:
        changes: true when we are root and a process has to become this account.
        passes: true when it passes through directories that are closed to it.
    """

    name: str
    uid: int
    gid: int
    changes: bool
    passes: bool

    @classmethod
    def current(cls) -> Account:
        """Return our own account, or the unprivileged one when we are root.

        Raises:
            Refused: there is none.
        """
        is_root = os.geteuid() == _ROOT
        try:
            entry = pwd.getpwnam(_UNPRIVILEGED) if is_root else pwd.getpwuid(os.geteuid())
        except KeyError as error:
            msg = f"there is no account that postgresql could run as: {error.args[0]}"
            raise Refused(msg) from error
        return cls(
            name=entry.pw_name,
            uid=entry.pw_uid,
            gid=entry.pw_gid,
            changes=is_root,
            passes=is_root and shutil.which("setpriv") is not None and _may_pass_on_leave(),
        )

    def run(
        self, argv: list[str | Path], *, text: str = "", timeout_s: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end and return what it wrote; its exit code is the caller's to judge.

        Args:
            argv: argument list; never a secret.
            text: its standard input.
            timeout_s: after this long it is killed.

        Raises:
            Refused: the program cannot be run.
            ServerFailed: it took too long.
        """
        with self._told(argv):
            return subprocess.run(
                self._as_account(argv),
                input=text,
                capture_output=True,
                text=True,
                check=False,
                timeout=timeout_s,
                cwd="/",
                env=_ENVIRONMENT,
                user=self._user,
                group=self._group,
                extra_groups=self._extra_groups,
            )

    def start(self, argv: list[str | Path], directory: Path, log: Path) -> subprocess.Popen[bytes]:
        """Start a program that stays, in a session of its own.

        Args:
            argv: argument list; never a secret.
            directory: where it works from its first instruction on.
            log: file its output is appended to.

        Raises:
            Refused: the program cannot be run.
        """
        log.touch(mode=0o600)
        with log.open("ab") as output, self._told(argv):
            return subprocess.Popen(
                self._as_account(argv),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=directory,
                env=_ENVIRONMENT,
                start_new_session=True,
                user=self._user,
                group=self._group,
                extra_groups=self._extra_groups,
            )

    def make_private(self, directory: Path) -> None:
        """Make a directory if it is not there, and give it to this account alone."""
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(_PRIVATE)
        self.own(directory)

    def own(self, path: Path) -> None:
        """Give a file or directory with everything in it to this account; links are not followed."""
        if not self.changes:
            return
        os.chown(path, self.uid, self.gid, follow_symlinks=False)
        if not path.is_symlink() and path.is_dir():
            for entry in path.iterdir():
                self.own(entry)

    def check_reach(self, path: Path) -> None:
        """Check that this account can get to a file or directory.

        Raises:
            Refused: a directory on the way is closed to it.
        """
        for directory in reversed(path.resolve().parents) if not self.passes else ():
            if directory.exists() and not self._may_enter(directory.stat()):
                msg = f"{directory} is closed to {self.name}, who runs postgresql: {path} cannot be reached"
                hint = "keep it elsewhere, or let everybody pass through that directory (chmod o+x)."
                raise Refused(msg, hint=hint)

    def _as_account(self, argv: list[str | Path]) -> list[str | Path]:
        if not self.passes:
            return argv
        program = str(argv[0])
        if shutil.which(program, path=_ENVIRONMENT["PATH"]) is None:
            # What the system would say if setpriv did not stand between.
            number = errno.EACCES if Path(program).exists() else errno.ENOENT
            raise OSError(number, os.strerror(number))
        # The securebit lets access(2) see the leave too: PostgreSQL's programs ask it for each other.
        leave = ["--securebits=+no_setuid_fixup", *(f"--{kind}-caps=+dac_read_search" for kind in _SETS)]
        return [
            "setpriv",
            f"--reuid={self.uid}",
            f"--regid={self.gid}",
            "--clear-groups",
            *leave,
            "--",
            *argv,
        ]

    @contextmanager
    def _told(self, argv: Sequence[str | Path]) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            msg = f"{self.name} cannot run {argv[0]}: {error.strerror}"
            raise Refused(msg) from error
        except subprocess.TimeoutExpired as error:
            msg = f"{argv[0]} did not end within {error.timeout:g} s"
            raise ServerFailed(msg) from error

    def _may_enter(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)

    @property
    def _is_changed_by_python(self) -> bool:
        return self.changes and not self.passes

    @property
    def _user(self) -> int | None:
        return self.uid if self._is_changed_by_python else None

    @property
    def _group(self) -> int | None:
        return self.gid if self._is_changed_by_python else None

    @property
    def _extra_groups(self) -> list[int] | None:
        return [] if self._is_changed_by_python else None


def _may_pass_on_leave() -> bool:
    if not _STATUS_FILE.exists():
        return False
    effective = next(line for line in _STATUS_FILE.read_text().splitlines() if line.startswith("CapEff:"))
    return bool(int(effective.split()[1], 16) >> _READ_SEARCH & 1)
