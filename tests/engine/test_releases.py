"""The official release is used when it is the published one, and otherwise not at all."""

from __future__ import annotations

import hashlib
import io
import socket
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from rich.console import Console
from semver import Version

from tests.engine.bootstrap import Machine
from tests.engine.executables import PretendGo
from tools.engine.progress import Progress
from tools.engine.release import Releases, Unreachable
from tools.engine.target import Target

ARCHIVE = f"pulumi-v3.250.0-{Target.of_this_machine().release_name}.tar.gz"
CHECKSUMS = "pulumi-3.250.0-checksums.txt"


def an_archive(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o755
            tar.addfile(member, io.BytesIO(content.encode()))
    return data.getvalue()


GOOD = an_archive(
    {
        "pulumi/pulumi": "#!/bin/sh\necho v3.250.0\n",
        "pulumi/pulumi-language-python": "#!/bin/sh\necho official\n",
        "pulumi/pulumi-language-python-exec": "#!/bin/sh\n",
    }
)


def checksums(archive: bytes) -> bytes:
    other = f"{'0' * 64}  pulumi-v3.250.0-plan9-x64.tar.gz\n"
    return f"{other}{hashlib.sha256(archive).hexdigest()}  {ARCHIVE}\n".encode()


@contextmanager
def serving(files: dict[str, bytes], *, cut: int = 0) -> Iterator[str]:
    """Serve files on this machine; `cut` bytes are missing at the end of every archive."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path.removeprefix("/sdk/"))
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            archive = self.path.endswith(".tar.gz")
            self.wfile.write((content or b"")[: -cut if archive and cut else None])

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/sdk/"
        server.shutdown()
        thread.join()


@pytest.fixture
def go(tmp_path: Path) -> PretendGo:
    return PretendGo.put(tmp_path / "go")


def a_machine(tmp_path: Path, go: PretendGo, releases: str) -> Machine:
    return Machine(directory=tmp_path, on_path=(go.directory,), releases=releases)


def test_the_release_is_unpacked_with_its_own_language_host(tmp_path: Path, go: PretendGo) -> None:
    with serving({ARCHIVE: GOOD, CHECKSUMS: checksums(GOOD)}) as releases:
        found = a_machine(tmp_path, go, releases).run()
    assert found.returncode == 0, found.stderr
    directory = Path(found.stdout.strip())
    assert directory.parent.name.startswith("release-v3.250.0-")
    assert "official" in (directory / "pulumi-language-python").read_text()
    assert go.calls("build") == 0
    assert Machine(directory=tmp_path).run().stdout == found.stdout, "the next run needs no server"


def test_an_archive_with_another_checksum_is_refused_and_nothing_is_built_instead(
    tmp_path: Path, go: PretendGo
) -> None:
    changed = GOOD + b"\0"
    with serving({ARCHIVE: changed, CHECKSUMS: checksums(GOOD)}) as releases:
        machine = a_machine(tmp_path, go, releases)
        refused = machine.run()
    assert (refused.returncode, refused.stdout) == (3, "")
    assert f"{ARCHIVE} has SHA-256 {hashlib.sha256(changed).hexdigest()}" in refused.stderr
    assert f"says {hashlib.sha256(GOOD).hexdigest()}: not used" in refused.stderr
    assert go.calls("build") == 0
    assert machine.entries() == {".lock"}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "Not Found"),
        ({CHECKSUMS: checksums(GOOD)}, "Not Found"),
        ({ARCHIVE: GOOD, CHECKSUMS: b""}, f"the checksum file does not list {ARCHIVE}"),
    ],
)
def test_a_release_that_is_not_there_leads_to_a_build(
    tmp_path: Path, go: PretendGo, files: dict[str, bytes], reason: str
) -> None:
    with serving(files) as releases:
        built = a_machine(tmp_path, go, releases).run()
    assert built.returncode == 0, built.stderr
    said = next(line for line in built.stderr.splitlines() if "no official release from here" in line)
    assert reason in said
    assert go.calls("build") == 1


def test_a_download_that_breaks_off_is_no_mismatch_but_leads_to_a_build(
    tmp_path: Path, go: PretendGo
) -> None:
    with serving({ARCHIVE: GOOD, CHECKSUMS: checksums(GOOD)}, cut=10) as releases:
        built = a_machine(tmp_path, go, releases).run()
    assert built.returncode == 0, built.stderr
    assert "broke off" in built.stderr


def test_an_archive_that_would_write_elsewhere_is_refused(tmp_path: Path, go: PretendGo) -> None:
    evil = an_archive({"pulumi/pulumi": "x", "../../../escaped": "x"})
    with serving({ARCHIVE: evil, CHECKSUMS: checksums(evil)}) as releases:
        machine = a_machine(tmp_path, go, releases)
        refused = machine.run()
    assert refused.returncode == 3
    assert "cannot be unpacked" in refused.stderr
    assert machine.entries() == {".lock"}
    assert not list(tmp_path.rglob("escaped"))


@pytest.mark.parametrize(
    "address", ["http://mirror.example/sdk", "ftp://127.0.0.1/", "file:///tmp", "mirror"]
)
def test_an_address_that_anyone_on_the_way_could_answer_is_the_operators_mistake(
    tmp_path: Path, go: PretendGo, address: str
) -> None:
    refused = a_machine(tmp_path, go, address).run()
    assert refused.returncode == 2
    assert f"LIFEBOAT_PULUMI_RELEASES: {address!r}" in refused.stderr
    assert go.calls("build") == 0


def test_a_place_that_accepts_and_never_answers_is_given_up_soon(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        releases = Releases(address, Progress(Console(file=io.StringIO())), first_answer_s=0.2)
        with pytest.raises(Unreachable, match=r"did not answer within 0\.2 s"):
            releases.fetch(Version(3, 250, 0), Target.of_this_machine(), into=tmp_path, scratch=tmp_path)


def test_a_release_without_a_language_host_is_not_kept(tmp_path: Path, go: PretendGo) -> None:
    bare = an_archive({"pulumi/pulumi": "#!/bin/sh\necho v3.250.0\n"})
    with serving({ARCHIVE: bare, CHECKSUMS: checksums(bare)}) as releases:
        machine = a_machine(tmp_path, go, releases)
        failed = machine.run()
    assert failed.returncode == 5
    assert "has no pulumi-language-python in it" in failed.stderr
    assert machine.entries() == {".lock"}
