"""The generated page about faults: each one, the reaction it demands, and the tests that show it."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.fault_catalogue import FAULTS, MarkedTest, marked_tests


def fault_page(root: Path) -> str:
    """Return the page, as the tests below `root` are marked."""
    shown = marked_tests(root)
    lines = [
        "# Faults, and the tests that show the reaction\n",
        "A test stands here only when it brings the fault about and asserts the reaction; it carries",
        'the mark `@pytest.mark.fault("F44")`. `pytest -m fault` runs all of them.\n',
        "| fault | what goes wrong | what has to be done about it | shown by |",
        "|---|---|---|---|",
    ]
    for fault in FAULTS:
        tests = "<br>".join(_link(test) for test in shown.get(fault.id, ()))
        lines.append(f"| {fault.id} | {fault.happens} | {fault.demands} | {tests} |")
    return "\n".join(lines) + "\n"


def _link(test: MarkedTest) -> str:
    sentence = test.name.removeprefix("test_").replace("_", " ")
    return f"[{sentence}](../../{test.path})"
