"""Makes the virtual environment of the checkout; run by the Makefile before all else.

Uses the standard library only, because nothing is installed yet. The stamp inside the environment is the hash
of what it was made from and is written last: an interrupted installation has none and is repaired by the next
call. Two calls at once: the second waits for the first and finds the work done.
"""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "lifeboat.stamp"
INPUTS = ("requirements.lock", "pyproject.toml")
MINIMUM = (3, 11)
REFUSED = 3


def main() -> int:
    """Bring `.venv` up to date and return the exit code."""
    if sys.version_info < MINIMUM:
        return _refuse(
            f"python {sys.version.split()[0]} is too old, 3.11 is needed",
            "say which one to use: make PYTHON=python3.12 up",
        )
    with _locked():
        wanted = _fingerprint()
        if STAMP.exists() and STAMP.read_text() == wanted:
            return 0
        _say("installing the Python packages of requirements.lock into .venv (about a minute)")
        try:
            _install()
        except (subprocess.CalledProcessError, OSError) as error:
            return _refuse(
                f"installing into .venv failed: {error}",
                "the lines above say why; a package index must be reachable and python needs its venv module",
            )
        STAMP.write_text(wanted)
    return 0


def _install() -> None:
    STAMP.unlink(missing_ok=True)
    venv.create(ENVIRONMENT, with_pip=True, symlinks=sys.platform != "win32")
    pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    # The project itself is installed as a link to the checkout, without asking an index for anything. The
    # build backend warns about links on every run; what it says matters only when it fails.
    link = [*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    done = subprocess.run(link, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise subprocess.CalledProcessError(done.returncode, link)


def _fingerprint() -> str:
    digest = hashlib.sha256(sys.version.encode())
    digest.update(str(ROOT).encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # pragma: no cover  # Windows: make itself comes from WSL there
        yield
        return
    with (ROOT / ".venv.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another call is installing into .venv; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    sys.stderr.write(f"setup: {text}\n")


def _refuse(message: str, hint: str) -> int:
    sys.stderr.write(f"error: {message}\nhint: {hint}\n")
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
