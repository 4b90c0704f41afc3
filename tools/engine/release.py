"""The official release: an archive and a file of checksums, fetched, compared and unpacked.

Nothing of an archive is looked at before its SHA-256 is the published one. The host is named once, below.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from semver import Version

from lifeboat.core.errors import ConfigError, Refused
from tools.engine.deadline import within
from tools.engine.progress import Progress
from tools.engine.target import Target

RELEASES_URL = "https://get.pulumi.com/releases/sdk"
RELEASES_VARIABLE = "LIFEBOAT_PULUMI_RELEASES"
"""Names another place with the same files: a mirror by https, or a server on this machine."""

_ADDRESS_TIMEOUT_S = 5
_FIRST_ANSWER_S = 10.0
_READ_TIMEOUT_S = 60
_BLOCK = 1 << 18
_CHECKSUMS_LIMIT = 1 << 20


class Unreachable(Exception):
    """The releases cannot be had from here; another way may do."""


class Releases:
    """A place that serves official releases.

    Args:
        base_url: the address below which the files lie.
        progress: told how far a download is.
        first_answer_s: how long the place may take to show that it can be reached.
    """

    def __init__(self, base_url: str, progress: Progress, *, first_answer_s: float = _FIRST_ANSWER_S) -> None:
        _check_address(base_url)
        self._first_answer_s = first_answer_s
        self._base_url = base_url.rstrip("/")
        self._progress = progress

    @classmethod
    def of_environment(cls, progress: Progress) -> Releases:
        """Return the official place, or the one the environment names."""
        return cls(os.environ.get(RELEASES_VARIABLE) or RELEASES_URL, progress)

    def fetch(self, version: Version, target: Target, *, into: Path, scratch: Path) -> None:
        """Download a release and unpack its executables into `into`.

        Raises:
            Unreachable: no answer, or an answer that says there is no such release.
            Refused: the archive is not the published one.
        """
        name = f"pulumi-v{version}-{target.release_name}.tar.gz"
        with self._progress.phase(f"downloading pulumi {version}"):
            wanted = _checksum_of(name, self._text(f"pulumi-{version}-checksums.txt"))
            archive = scratch / name
            found = self._download(name, archive)
        if found != wanted:
            raise Refused(
                f"{name} has SHA-256 {found}, its checksum file says {wanted}: not used",
                hint="try again; if it stays, put pulumi >=3.250 on PATH from a source you trust",
            )
        _unpack(archive, into)

    def _text(self, name: str) -> str:
        """Fetch a small file, soon or not at all: this is where a machine without network is noticed."""

        def fetch() -> str:
            with self._answer(name, _ADDRESS_TIMEOUT_S) as answer:
                return answer.read(_CHECKSUMS_LIMIT).decode(errors="replace")

        try:
            return within(self._first_answer_s, fetch)
        except TimeoutError as error:
            raise Unreachable(f"{self._base_url} did not answer within {self._first_answer_s:g} s") from error

    def _download(self, name: str, to: Path) -> str:
        """Save a file and return its SHA-256."""
        digest, size = hashlib.sha256(), 0
        with self._answer(name, _READ_TIMEOUT_S) as answer, to.open("wb") as file:
            while block := answer.read(_BLOCK):
                file.write(block)
                digest.update(block)
                size += len(block)
                self._progress.detail(f"{size >> 20} MiB")
            # A connection that breaks looks like the end of the file here.
            if size != int(answer.headers.get("Content-Length", size)):
                raise Unreachable(f"the download of {name} broke off after {size} bytes")
        return digest.hexdigest()

    @contextmanager
    def _answer(self, name: str, timeout_s: int) -> Iterator[HTTPResponse]:
        url = f"{self._base_url}/{name}"
        try:
            # The scheme was checked when this object was made.
            with urllib.request.urlopen(url, timeout=timeout_s) as answer:  # noqa: S310
                yield answer
        except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError) as error:
            raise Unreachable(f"{url}: {getattr(error, 'reason', error)}") from error


def _check_address(base_url: str) -> None:
    """Refuse an address whose answers anyone on the way could change."""
    parts = urlsplit(base_url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or not _is_loopback(parts.hostname or ""):
        raise ConfigError(
            f"{RELEASES_VARIABLE}: {base_url!r} is neither https nor an http address of this machine",
            hint="unset it, or name a mirror by https",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _checksum_of(name: str, checksums: str) -> str:
    """Return the hash a checksum file gives for one file (lines of `<sha256>  <name>`)."""
    for line in checksums.splitlines():
        digest, _space, listed = line.strip().partition(" ")
        if listed.strip().removeprefix("*") == name:
            return digest.lower()
    raise Unreachable(f"the checksum file does not list {name}")


def _unpack(archive: Path, into: Path) -> None:
    """Unpack the archive's one directory, `pulumi/`, so that its files lie in `into`."""
    unpacked = archive.parent / "unpacked"
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(unpacked, filter="data")
        for file in sorted((unpacked / "pulumi").iterdir()):
            shutil.move(file, into / file.name)
    except (tarfile.TarError, OSError) as error:
        raise Refused(f"{archive.name} cannot be unpacked: {error}") from error
