"""`make docs`: write the reference pages; with `--check`, only say which ones are out of date."""

from __future__ import annotations

import sys

from tools.docs.pages import ROOT, pages

REFERENCE = ROOT / "docs" / "reference"


def main(arguments: list[str]) -> int:
    """Write or check every page; return 10 when a check finds one out of date."""
    stale = []
    for name, text in pages().items():
        path = REFERENCE / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    verb = "out of date" if "--check" in arguments else "written"
    for name in stale:
        sys.stderr.write(f"docs/reference/{name}: {verb}\n")
    return 10 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
