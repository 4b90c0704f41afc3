"""A pack of every kind of run is made, is the same each time, and is proven by the verifier it carries."""

from __future__ import annotations

import ast
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from lifeboat.core.clock import ManualClock
from lifeboat.core.errors import ConfigError, Stuck
from scripts.engine.places import event_key
from scripts.evidence import verify_evidence
from scripts.evidence.keeping import evidence_key, keep_pack, write_pack
from scripts.evidence.pack import read_pack
from tests.evidence.runs import RUNS, finished, run_at, verify_bare
from tests.recovery.memory_store import MemoryStore
from tests.recovery.operators import Site
from tests.recovery.plans import MADE_AT


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("shape", ["pack.zip", "pack"])
def test_the_shipped_verifier_proves_every_pack_in_a_bare_python(
    name: str, shape: str, tmp_path: Path
) -> None:
    pack = RUNS[name](tmp_path / "site")
    path = tmp_path / "elsewhere" / shape
    write_pack(pack, path)
    shipped = tmp_path / "verify_evidence.py"
    shipped.write_bytes(pack.files["verify_evidence.py"])
    proven = verify_bare(shipped, str(path), "--chain", pack.report.chain, cwd=tmp_path / "elsewhere")
    assert (proven.returncode, proven.stderr) == (0, ""), proven.stdout
    assert proven.stdout.endswith("VERIFIED\n")
    assert f"{pack.report.events} events form one chain, which ends in {pack.report.chain}" in proven.stdout


@pytest.mark.parametrize("name", RUNS)
def test_the_report_is_derived_twice_by_code_that_shares_nothing(name: str, tmp_path: Path) -> None:
    pack = RUNS[name](tmp_path)
    events = [json.loads(line) for line in pack.files["journal.jsonl"].splitlines()]
    plan = json.loads(pack.files["plan.json"])
    derived = verify_evidence.report_of(pack.report.run_id, plan, pack.report.plan_digest, events)
    assert derived == json.loads(pack.report.to_bytes())


def test_a_pack_is_the_same_bytes_whenever_and_wherever_it_is_made(tmp_path: Path) -> None:
    site = Site(tmp_path)
    first = run_at(site).to_zip()
    site.wait(86400)
    assert read_pack(site.store, site.run_id).to_zip() == first


def test_a_pack_can_be_unpacked_and_made_again_from_its_files(tmp_path: Path) -> None:
    pack = finished(tmp_path / "site")
    write_pack(pack, tmp_path / "pack.zip")
    write_pack(pack, tmp_path / "pack")
    from_zip = verify_evidence.read_pack(tmp_path / "pack.zip")
    assert from_zip == verify_evidence.read_pack(tmp_path / "pack") == dict(pack.files)


def test_versions_and_clock_of_every_process_stand_in_the_pack(tmp_path: Path) -> None:
    pack = finished(tmp_path)
    holder, told = json.loads(pack.files["processes.json"])
    assert holder["actor"] == "alice@host pid 1"
    assert holder["tools"] == {"toy": "1.0"}
    assert holder["clock_offset_s"] == 0
    assert told["tools"] == {"pg_dump": "17.2"}
    levels = [proof["level"] for proof in json.loads(pack.files["verification.json"])]
    assert levels == [3, 3, 3, 3]


def test_a_clock_that_is_wrong_is_known_to_be(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.store = MemoryStore(ManualClock(MADE_AT - timedelta(seconds=90)))
    pack = run_at(site)
    assert json.loads(pack.files["processes.json"])[0]["clock_offset_s"] == 90


def test_packs_lie_beside_the_journal_and_none_replaces_another(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.findings["make-copy"] = ("no",)
    first = run_at(site)
    site.world.findings.clear()
    site.operator("bob").resume()
    second = read_pack(site.store, site.run_id)
    keys = {keep_pack(site.store, pack) for pack in (first, first, second)}
    assert keys == {evidence_key(first), evidence_key(second)}
    stored = site.store.get(evidence_key(first))
    assert stored is not None
    assert stored.body == first.to_zip()
    assert site.operator("bob").resume().outcome == "done", "packs are no part of the journal"


def test_no_pack_is_made_of_a_damaged_journal(tmp_path: Path) -> None:
    site = Site(tmp_path)
    run_at(site)
    del site.store.objects[event_key(site.run_id, 3)]
    with pytest.raises(Stuck, match="have a gap"):
        read_pack(site.store, site.run_id)


@pytest.mark.parametrize("shape", ["pack.zip", "pack"])
def test_evidence_is_never_written_over(shape: str, tmp_path: Path) -> None:
    first, second = finished(tmp_path / "one"), RUNS["failed"](tmp_path / "two")
    write_pack(first, tmp_path / shape)
    write_pack(first, tmp_path / shape)
    with pytest.raises(ConfigError, match="is something else"):
        write_pack(second, tmp_path / shape)
    assert verify_evidence.read_pack(tmp_path / shape) == dict(first.files)


def test_a_directory_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "holiday.jpg").write_bytes(b"sun")
    with pytest.raises(ConfigError, match=r"holiday.jpg lies there"):
        write_pack(finished(tmp_path / "site"), tmp_path / "pack")
    assert len(list((tmp_path / "pack").iterdir())) == 1


def test_the_verifier_is_written_for_python_3_9_and_its_standard_library() -> None:
    source = Path(verify_evidence.__file__).read_text()
    tree = ast.parse(source, feature_version=(3, 9))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    named = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    named |= {str(node.module) for node in imports if isinstance(node, ast.ImportFrom)}
    assert named <= sys.stdlib_module_names
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Match)]
