"""The documentation agrees with the code, and its links lead somewhere."""

import re

import pytest

from lifeboat.core.errors import BRANCHES
from scripts.cli.main import COMMANDS
from tests.architecture.test_sizes import ROOT, tracked
from tools.docs.pages import pages

LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


@pytest.mark.parametrize(("name", "text"), sorted(pages().items()), ids=sorted(pages()))
def test_the_reference_is_what_the_code_says(name: str, text: str) -> None:
    path = ROOT / "docs" / "reference" / name
    assert path.read_text() == text, "run `make docs` and commit what it writes"


def test_the_reference_covers_every_command_and_error() -> None:
    commands, errors = pages()["commands.md"], pages()["errors.md"]
    assert [name for name in COMMANDS if f"## `lifeboat {name}`" not in commands] == []
    assert [branch for branch in BRANCHES if f"`{branch.__name__}`" not in errors] == []


@pytest.mark.parametrize("path", tracked("*.md"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(path: object) -> None:
    page = ROOT / str(path)
    broken = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert broken == []
