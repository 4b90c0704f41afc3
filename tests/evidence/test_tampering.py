"""Whatever is changed in a pack afterwards is found, down to the single byte (dr.md F59)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.evidence import verify_evidence
from scripts.evidence.verify_evidence import MANIFEST, NAMES, readable, sha256
from tests.evidence.forging import JOURNAL, Files, forged, wrong
from tests.evidence.runs import verify_bare


def test_every_byte_between_the_files_is_proven(files: Files, place: Path) -> None:
    body = bytearray(verify_evidence.zip_bytes(files))
    starts = {body.find(content): len(content) for content in files.values()}
    inside = {at for start, length in starts.items() for at in range(start, start + length)}
    between = [at for at in range(len(body)) if at not in inside]
    assert len(between) > 100 * len(files)
    for at in between:
        body[at] ^= 1 << at % 8
        wrong(place, bytes(body))
        body[at] ^= 1 << at % 8


@pytest.mark.fault("F59")
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_byte_of_the_files_is_proven(files: Files, place: Path, data: st.DataObject) -> None:
    body = bytearray(verify_evidence.zip_bytes(files))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    wrong(place, bytes(body))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_every_byte_of_the_journal_is_proven_without_the_manifest(
    files: Files, place: Path, data: st.DataObject
) -> None:
    journal = bytearray(files[JOURNAL])
    at = data.draw(st.integers(0, len(journal) - 1))
    journal[at] ^= data.draw(st.integers(1, 255))
    wrong(place, forged(files, journal_jsonl=bytes(journal)))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_pack_cut_short_or_with_a_tail_is_damaged(files: Files, place: Path, data: st.DataObject) -> None:
    body = verify_evidence.zip_bytes(files)
    wrong(place, body[: data.draw(st.integers(0, len(body) - 1))])
    wrong(place, body + data.draw(st.binary(min_size=1, max_size=40)))


@pytest.mark.fault("F59")
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_missing_changed_or_exchanged_is_named(
    name: str, files: Files, other: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without = {key: body for key, body in files.items() if key != name}
    assert wrong(place, verify_evidence.zip_bytes(without), capsys) == f"WRONG: {name} is missing\n"
    assert name in wrong(place, verify_evidence.zip_bytes({**files, name: files[name] + b" "}), capsys)
    if other[name] != files[name]:
        swapped = verify_evidence.zip_bytes({**files, name: other[name]})
        assert "manifest" in wrong(place, swapped, capsys).lower()


@pytest.mark.parametrize("name", ["notes.txt", "../evil.py", "journal.jsonl.bak"])
def test_a_file_more_is_named(
    name: str, files: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "does not belong here" in wrong(place, verify_evidence.zip_bytes({**files, name: b"x"}), capsys)


@pytest.mark.parametrize("spoil", ["link", "directory", "hidden"])
def test_a_directory_holds_plain_files_only(spoil: str, files: Files, tmp_path: Path) -> None:
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    assert verify_evidence.main([str(tmp_path)]) == 0
    if spoil == "link":
        (tmp_path / "plan.json").rename(tmp_path.with_name("elsewhere"))
        (tmp_path / "plan.json").symlink_to(tmp_path.with_name("elsewhere"))
    elif spoil == "directory":
        (tmp_path / "more").mkdir()
    else:
        (tmp_path / ".hidden").write_bytes(b"")
    assert verify_evidence.main([str(tmp_path)]) == 1


@pytest.mark.parametrize("body", [b"", b"PK\x05\x06" + bytes(18), b"[" * 100_000, b"plan: yes"])
def test_what_is_no_pack_at_all_is_wrong_and_no_traceback(body: bytes, tmp_path: Path) -> None:
    verifier = Path(verify_evidence.__file__)
    (tmp_path / "pack.zip").write_bytes(body)
    for path in (tmp_path / "pack.zip", tmp_path / "nowhere.zip"):
        told = verify_bare(verifier, str(path), cwd=tmp_path)
        assert (told.returncode, told.stderr) == (1, "")
        assert told.stdout.startswith("WRONG: ")


@pytest.mark.parametrize("name", ["report.json", "plan.json", JOURNAL, MANIFEST])
@pytest.mark.parametrize("body", [b"[]\n", b"{}\n", b"{" * 100_000, b"\xff\n", b'{"data": {}, "kind": 3}\n'])
def test_files_of_any_other_form_are_wrong_and_no_traceback(
    name: str, body: bytes, files: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = {**files, name: body}
    listed = {key: {"bytes": len(one), "sha256": sha256(one)} for key, one in changed.items()}
    listed.pop(MANIFEST)
    if name != MANIFEST:
        changed[MANIFEST] = readable({**json.loads(files[MANIFEST]), "files": listed})
    assert wrong(place, verify_evidence.zip_bytes(changed), capsys).startswith("WRONG: ")
