"""The evidence pack of a run: files made from its plan and its journal alone, under one manifest.

Also of a run that failed, stands still, or never began. The same plan and events give the same bytes, so a
pack can be made again, anywhere, and compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.engine.event import Event
from scripts.engine.journal_reading import prove, read_journal
from scripts.engine.objects import ObjectStore
from scripts.engine.plan import Plan
from scripts.engine.report import Report
from scripts.engine.report_building import build_report
from scripts.engine.report_text import report_markdown
from scripts.engine.runner import load_plan
from scripts.evidence import verify_evidence
from scripts.evidence.page.page import render_page
from scripts.evidence.redaction import RULES, demand_no_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A pack.

    Args:
        report: what the run did.
        files: content by name, the manifest included.
    """

    report: Report
    files: Mapping[str, bytes]

    def to_zip(self) -> bytes:
        """Return the one zip file of this pack."""
        return verify_evidence.zip_bytes(dict(self.files))


def build_pack(run_id: str, plan: Plan, events: Sequence[Event]) -> Pack:
    """Return the pack of a run.

    Raises:
        Refused: plan or journal hold what looks like a secret.
        Stuck: the events are no unbroken journal of this run.
    """
    report = build_report(run_id, plan, events, prove(run_id, events))
    lines = {f"event {event.sequence} ({event.kind})": event.to_bytes() for event in events}
    demand_no_secret(plan.to_bytes(), lines)
    journal = b"".join(line + b"\n" for line in lines.values())
    files = {
        "plan.json": plan.to_bytes(),
        "journal.jsonl": journal,
        "report.json": report.to_bytes(),
        "report.md": _text(report_markdown(report)),
        "report.html": _text(render_page(report, plan, events)),
        "redaction.json": verify_evidence.readable({"looked_for": sorted(RULES), "found": []}),
        verify_evidence.SELF: Path(verify_evidence.__file__).read_bytes(),
        **verify_evidence.derived([verify_evidence.parsed(line, name) for name, line in lines.items()]),
    }
    return Pack(report=report, files={**files, verify_evidence.MANIFEST: verify_evidence.manifest_of(files)})


def read_pack(store: ObjectStore, run_id: str) -> Pack:
    """Return the pack of a run that lies in a store.

    Raises:
        ConfigError: there is no such run.
        Stuck: its plan or its journal is damaged.
        Refused: as `build_pack`, or the store gave no answer.
    """
    plan = load_plan(store, run_id)
    events, _ = read_journal(store, run_id)
    return build_pack(run_id, plan, events)


def _text(text: str) -> bytes:
    # A message of the operating system may hold what UTF-8 has no bytes for.
    return text.encode(errors="backslashreplace")
