"""What must never be committed: registry hosts, paths of one machine, binaries, hidden skips."""

import re
import subprocess
from pathlib import Path

from tests.architecture.test_sizes import ROOT, tracked

# Written in pieces so that this very file does not hold what it looks for.
REGISTRY_HOST = re.compile(
    r"(pypi|pythonhosted|npmjs|rubygems|crates|debian|proxy\.golang|repo\.maven)" + r"\.(org|io|com|apache)"
)
MACHINE_PATH = re.compile(r"(?<![\w.-])/(" + "|".join(["wo" + "rk", "ro" + "ot", "home/[a-z]+"]) + r")/")
HIDDEN_SKIP = re.compile(r"pytest\.(mark\.(skip|xfail)|skip\(|xfail\()|mock\." + "patch")
MAX_BYTES = 512 * 1024


def matches(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_registry_host() -> None:
    assert matches(REGISTRY_HOST, tracked("*")) == []


def test_no_file_carries_a_path_of_one_machine() -> None:
    assert matches(MACHINE_PATH, tracked("*")) == []


def test_no_test_is_skipped_or_patched() -> None:
    assert matches(HIDDEN_SKIP, tracked("*.py")) == []


def test_no_binary_and_no_large_file_is_tracked() -> None:
    large = [str(path.relative_to(ROOT)) for path in tracked("*") if path.stat().st_size > MAX_BYTES]
    binary = [str(path.relative_to(ROOT)) for path in tracked("*") if b"\0" in path.read_bytes()[:8192]]
    assert (large, binary) == ([], [])


def test_the_lock_is_hashed_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pins = [line for line in lock.splitlines() if re.match(r"^[a-zA-Z0-9]", line)]
    assert len(pins) > 50
    assert all(pin.endswith("\\") for pin in pins), "every pin is followed by its hashes"
    assert "index-url" not in lock


def test_runtime_directories_are_ignored() -> None:
    names = [".lifeboat/passphrase", ".venv/x", "environments/Pulumi.local-production.yaml"]
    ignored = subprocess.run(
        ["git", "check-ignore", *names], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert ignored == names
