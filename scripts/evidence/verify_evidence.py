"""Verifies the evidence pack of a Lifeboat run. Needs Python 3.9 or newer, and nothing else.

    python verify_evidence.py PACK                 PACK is the zip file, or the directory it was unpacked to
    python verify_evidence.py PACK --chain HASH    and the journal must end in this hash, noted elsewhere

Ends with 0 when everything holds, with 1 and the first thing that is wrong otherwise. It shares no code with
what made the pack: report, verification and processes are derived from plan and journal a second time.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import stat
import struct
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

MANIFEST = "MANIFEST.json"
SELF = "verify_evidence.py"
_INSIDE = f"journal.jsonl plan.json processes.json redaction.json report.html report.json report.md {SELF}"
NAMES = (MANIFEST, *_INSIDE.split(), "verification.json")
GENESIS = "0" * 64
PACK_VERSION, REPORT_VERSION = 1, 2
Object = dict[str, Any]
Files = dict[str, bytes]
_PHASES = dict(run_began="begun", lease_taken="running", fenced="fenced")
_PHASES.update(run_paused="paused", run_ended="ended")
_STATUS = dict(step_intended="begun", step_done="done", step_verified="verified", step_failed="failed")
_STATUS.update(undo_intended="undoing", step_undone="undone")


class Wrong(Exception):
    """The first thing that does not hold."""


def demand(holds: bool, what: str) -> None:
    """Stop with `what` unless it holds."""
    if not holds:
        raise Wrong(what)


def canonical(value: object) -> bytes:
    """Return the one spelling of a JSON value that hashes are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def readable(value: object) -> bytes:
    """Return the one spelling of a JSON value that is also read by people."""
    return (json.dumps(value, sort_keys=True, indent=2, allow_nan=False) + "\n").encode()


def sha256(body: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def zip_bytes(files: Files) -> bytes:
    """Return the one zip file of these files: sorted, stored, without a time; the same on every machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()


def read_pack(path: Path) -> Files:
    """Return the files of a pack by name; whatever else lies in it is wrong."""
    if path.is_dir():
        for entry in sorted(path.iterdir()):
            demand(entry.is_file() and not entry.is_symlink(), f"{entry.name!r} is not a plain file")
        return {entry.name: entry.read_bytes() for entry in path.iterdir()}
    body = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
            demand(not any(entry.compress_type for entry in entries), "the zip file is compressed")
            files = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError, struct.error) as error:
        raise Wrong(f"the zip file is damaged: {error}") from error
    demand(zip_bytes(files) == body, "the zip file holds bytes that belong to none of its files")
    return files


def manifest_of(files: Files) -> bytes:
    """Return the manifest that belongs to these files; one that is among them does not count."""
    report = parsed(files["report.json"], "report.json")
    listed = {n: {"bytes": len(body), "sha256": sha256(body)} for n, body in files.items() if n != MANIFEST}
    head = {name: report.get(name) for name in ("run_id", "plan_digest", "chain", "events")}
    head |= {"format": "lifeboat-evidence", "schema_version": PACK_VERSION, "files": listed}
    return readable(head)


def check_manifest(files: Files) -> None:
    """The names are the right ones, and every file is the one the manifest names."""
    for name in sorted(set(files) ^ set(NAMES)):
        raise Wrong(f"{name!r} does not belong here" if name in files else f"{name} is missing")
    listed = parsed(files[MANIFEST], MANIFEST).get("files", {})
    for name in sorted(set(NAMES) - {MANIFEST}):
        found = {"bytes": len(files[name]), "sha256": sha256(files[name])}
        demand(listed.get(name) == found, f"{name} is not the file the manifest names")
    demand(files[MANIFEST] == manifest_of(files), f"{MANIFEST} says something else than the files")


def check_journal(files: Files, run_id: str) -> list[Object]:
    """Return the events, every one of them the next link of the chain."""
    body, events, previous = files["journal.jsonl"], [], GENESIS
    demand(not body or body.endswith(b"\n"), "journal.jsonl: the last event is torn")
    for number, line in enumerate(body.split(b"\n")[:-1], 1):
        where = f"journal.jsonl: event {number}"
        event = parsed(line, where)
        content = {key: value for key, value in event.items() if key != "hash"}
        demand(event.get("sequence") == number, f"{where} has number {event.get('sequence')}")
        demand(event.get("previous") == previous, f"{where} does not name the hash of the one before")
        demand(event.get("hash") == sha256(canonical(content)), f"{where} was changed after it")
        demand(line == canonical(event), f"{where} is not spelled as it was written")
        demand(event.get("run_id") == run_id, f"{where} is one of {event.get('run_id')}")
        events.append(event)
        previous = event["hash"]
    return events


def check_plan(files: Files, events: list[Object]) -> Object:
    """Return the plan, which is the one the journal began with."""
    plan, digest = parsed(files["plan.json"], "plan.json"), sha256(files["plan.json"])
    if events:
        began = events[0]["data"]
        demand(began["plan_digest"] == digest, "plan.json is not the plan this run began with")
        demand(digest.startswith(began.get("approval", {}).get("digest", "")), "another plan was approved")
        demand(began["steps"] == [step["id"] for step in plan["steps"]], "the journal began with other steps")
    return plan


def report_of(run_id: str, plan: Object, digest: str, events: list[Object]) -> Object:
    """Return the report that follows from a plan and its journal."""
    phase, outcome = phase_of(events)
    passed = [e["data"].get("level") for e in of_kind(events, "step_verified") if e["data"]["passed"]]
    return {
        "schema_version": REPORT_VERSION,
        "run_id": run_id,
        **{name: plan[name] for name in ("procedure", "environment", "stack")},
        "plan_digest": digest,
        "phase": phase,
        "outcome": outcome,
        "began_at": events[0]["at"] if events else None,
        "ended_at": events[-1]["at"] if events else None,
        "took_s": seconds_between(events[0]["at"], events[-1]["at"]) if events else None,
        "steps": [step_of(step, [e for e in events if e["step"] == step["id"]]) for step in plan["steps"]],
        "loss": measure_of(plan["loss"], [e["data"]["facts"] for e in noted(events, "loss")]),
        "back": measure_of(plan["back"], [e["data"]["facts"] for e in noted(events, "outage")]),
        "level": max((level for level in passed if level is not None), default=None),
        "notes": [
            {"at": e["at"], "step": e["step"], **{k: e["data"].get(k) for k in ("topic", "facts")}}
            for e in of_kind(events, "noted")
        ],
        "approval": events[0]["data"].get("approval", {}) if events else {},
        "actors": list(dict.fromkeys(e["actor"] for e in of_kind(events, "lease_taken"))),
        "events": len(events),
        "chain": events[-1]["hash"] if events else GENESIS,
    }


def phase_of(events: list[Object]) -> tuple[str, str]:
    """Return where a run stands and its outcome."""
    turns = [event for event in events if event["kind"] in _PHASES]
    phase, said = (_PHASES[turns[-1]["kind"]], turns[-1]["data"]) if turns else ("not begun", {})
    if phase == "fenced":
        return phase, "taken over by another run"
    return phase, str(said.get({"paused": "reason", "ended": "outcome"}.get(phase), ""))


def step_of(step: Object, events: list[Object]) -> Object:
    """Return what the report says about one step."""
    moves = [_STATUS[e["kind"]] for e in events if e["kind"] in _STATUS and e["data"].get("passed", True)]
    done, proof = last(events, "step_done"), last(events, "step_verified")
    ends = [e["at"] for e in events if e["kind"] in ("step_done", "step_undone", "step_failed")]
    failed, undone = last(events, "step_failed"), last(events, "step_undone")
    kept = (undone or {}).get("kept")
    remarks = ((failed or {}).get("error", {}).get("message"), kept and f"kept: {kept}")
    return {
        **{name: step[name] for name in ("id", "kind", "title", "size", "expected_s", "budget_s")},
        "status": moves[-1] if moves else "pending",
        "actual_s": done["duration_s"] if done else None,
        "began_at": events[0]["at"] if events else None,
        "ended_at": ends[-1] if ends else None,
        "attempts": len(of_kind(events, "step_intended")),
        "is_measured": done is not None and not (done.get("skipped") or done.get("resumed")),
        "was_slow": last(events, "step_slow") is not None,
        "level": proof.get("level") if proof and proof["passed"] else None,
        "findings": list(proof["findings"]) if proof else [],
        "remark": "; ".join(remark for remark in remarks if remark),
    }


def measure_of(expectation: Object, facts: list[Object]) -> Object:
    """Return promised, expected and measured."""
    found = [fact["measured_s"] for fact in facts if isinstance(fact.get("measured_s"), (int, float))]
    return {"expectation": expectation, "measured_s": float(found[-1]) if found else None}


def derived(events: list[Object]) -> Files:
    """Return the files that repeat one side of the journal: what was proven; whose tools and clocks."""
    proofs = [{**origin(event), **event["data"]} for event in of_kind(events, "step_verified")]
    holders = [{**origin(event), **event["data"]} for event in of_kind(events, "lease_taken")]
    holders += [{**origin(event), "tools": event["data"]["facts"]} for event in noted(events, "tools")]
    return {"verification.json": readable(proofs), "processes.json": readable(holders)}


def origin(event: Object) -> Object:
    """Return which event it was, when, by whom and about which step."""
    return {name: event[name] for name in ("sequence", "at", "actor", "step")}


def noted(events: list[Object], topic: str) -> list[Object]:
    """Return the notes about a topic."""
    return [event for event in of_kind(events, "noted") if event["data"].get("topic") == topic]


def of_kind(events: list[Object], kind: str) -> list[Object]:
    """Return the events of one kind."""
    return [event for event in events if event["kind"] == kind]


def last(events: list[Object], kind: str) -> Object | None:
    """Return the data of the last event of a kind."""
    return next((event["data"] for event in reversed(of_kind(events, kind))), None)


def seconds_between(begin: str, end: str) -> float:
    """Return the seconds between two moments as journals write them."""
    layout = "%Y-%m-%dT%H:%M:%S.%fZ"
    return (datetime.strptime(end, layout) - datetime.strptime(begin, layout)).total_seconds()  # noqa: DTZ007  # both UTC


def parsed(body: bytes, where: str) -> Object:
    """Return a JSON object."""
    try:
        value = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise Wrong(f"{where} is not JSON") from error
    demand(isinstance(value, dict), f"{where} is not a JSON object")
    return dict(value)


def verify(files: Files, chain: str = "") -> list[str]:
    """Return what was proven; `chain` is the hash the journal has to end in, when it is known."""
    check_manifest(files)
    report = parsed(files["report.json"], "report.json")
    run_id, digest = str(report["run_id"]), sha256(files["plan.json"])
    events = check_journal(files, run_id)
    plan = check_plan(files, events)
    wanted = report_of(run_id, plan, digest, events)
    if report["schema_version"] == 1 and not wanted.pop("approval"):  # from before they were written down
        wanted["schema_version"] = 1
    for name in sorted(set(wanted) | set(report)):
        demand(wanted.get(name) == report.get(name), f"report.json: {name} does not follow from the journal")
    demand(files["report.json"] == canonical(wanted), "report.json is not spelled as it was written")
    for name, body in derived(events).items():
        demand(files[name] == body, f"{name} does not follow from the journal")
    demand(chain in ("", wanted["chain"]), f"the journal ends in {wanted['chain']}, not in {chain}")
    return [
        f"{len(files)} files, no more and no fewer, each with the size and SHA-256 of the manifest",
        f"plan.json has digest {digest}" + (", with which the journal begins" if events else ""),
        f"{len(events)} events form one chain, which ends in {wanted['chain']}",
        f"report.json follows from both: {wanted['phase']}, {wanted['began_at']} to {wanted['ended_at']}",
        "verification.json and processes.json say what the journal says",
    ]


def main(arguments: list[str]) -> int:
    """Verify one pack and print what was proven."""
    parser = argparse.ArgumentParser(description="Verify the evidence pack of a Lifeboat run, offline.")
    parser.add_argument("pack", type=Path, help="the zip file, or the directory it was unpacked to")
    parser.add_argument("--chain", default="", help="hash the journal must end in, known from elsewhere")
    asked = parser.parse_args(arguments)
    try:
        files = read_pack(asked.pack)
        lines = [f"proven:     {text}" for text in verify(files, asked.chain)]
        lines.append("not proven: the texts of report.md and report.html, which repeat report.json")
        if files[SELF] != Path(__file__).read_bytes():
            lines.append(f"not proven: that {SELF} of the pack is good; it is not this one, do not run it")
        if not asked.chain:
            lines.append("not proven: that the pack is no forgery as a whole; give --chain, from the bucket")
    except (Wrong, OSError, KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        why = error if isinstance(error, Wrong) else f"not written by this version: {error!r}"
        sys.stdout.write(f"WRONG: {why}\n")
        return 1
    sys.stdout.write("\n".join([*lines, "VERIFIED", ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
