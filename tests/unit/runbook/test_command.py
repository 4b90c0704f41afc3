"""`lifeboat runbook lint` as it is typed: what it prints, and its exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from scripts.cli.command_tree import exists, missing
from scripts.cli.main import COMMANDS, lifeboat, run
from tests.architecture.test_sizes import ROOT

BAD = "# R\n\n```bash\nfly regions add iad\nmake rollback\nfly ssh console -C 'df -h'\n```\n"
GOOD = "# R\n\n```bash\nfly status -a shop\n```\n"
Lint = Callable[..., Result]


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    def run_it(text: str | bytes, *options: str, name: str = "runbook.md") -> Result:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return CliRunner().invoke(lifeboat, ["runbook", "lint", str(path), *options])

    return run_it


def test_findings_end_with_ten_and_a_table(lint: Lint) -> None:
    result = lint(BAD)
    assert result.exit_code == 10
    assert "fly regions add iad" in result.output
    assert "unknown" in result.output
    assert result.output.splitlines()[-1].endswith("1 error, 0 warnings, 1 note; 1 unknown")


def test_a_good_runbook_ends_with_zero(lint: Lint) -> None:
    assert lint(GOOD).exit_code == 0
    assert lint(GOOD, "--fail-on", "note").exit_code == 0


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("`fly ssh console -C 'df -h'`", "error", 0),
        ("`fly ssh console -C 'df -h'`", "warning", 0),
        ("`fly ssh console -C 'df -h'`", "note", 10),
        ("`fly deploy --strategy immediate`", "error", 0),
        ("`fly deploy --strategy immediate`", "warning", 10),
        ("`make rollback`", "warning", 0),
        ("`make rollback`", "note", 10),
    ],
)
def test_the_threshold_is_the_operators(lint: Lint, text: str, level: str, code: int) -> None:
    assert lint(text, "--fail-on", level).exit_code == code


def test_programs_get_one_envelope(lint: Lint) -> None:
    result = lint(BAD, "--json")
    envelope = json.loads(result.output)
    assert (envelope["command"], envelope["ok"], envelope["error"]["exit_code"]) == (
        "runbook lint",
        False,
        10,
    )
    (report,) = envelope["data"]
    assert report["counts"] == {"error": 1, "warning": 0, "note": 1, "unknown": 1}
    gone, _ssh = report["findings"]
    assert (gone["line"], gone["command"], gone["rule"]) == (4, "fly regions add iad", "fly-gone")
    assert report["unknown"][0]["command"] == "make rollback"
    assert json.loads(lint(GOOD, "--json").output)["ok"] is True


def test_pull_requests_get_markdown(lint: Lint) -> None:
    lines = lint("`fly logs | tail | grep -c '<b>'`", "--format", "markdown").output.splitlines()
    (row,) = [line for line in lines if line.startswith("| 1 |")]
    assert "`fly logs \\| tail \\| grep -c '<b>'`" in row
    assert row.replace("\\|", "").count("|") == 6


def test_several_files_are_judged_in_one_call(tmp_path: Path) -> None:
    for name, text in (("a.md", GOOD), ("b.md", BAD)):
        (tmp_path / name).write_text(text)
    result = CliRunner().invoke(
        lifeboat, ["runbook", "lint", str(tmp_path / "a.md"), str(tmp_path / "b.md"), "--json"]
    )
    assert [each["counts"]["error"] for each in json.loads(result.output)["data"]] == [0, 1]


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.md", "empty"),
        (b" \n\n", "a.md", "empty"),
        (b"\x7fELF\0\0", "a.md", "not a text file"),
        (b"caf\xe9", "a.md", "not UTF-8"),
        (b"{}", "a.json", "not Markdown"),
        (b'{"a": 1}', "a.md", "not Markdown"),
        (b"<!DOCTYPE html><html>", "a.md", "not Markdown"),
        (b"#!/bin/sh\nls", "a.md", "not Markdown"),
        (b"x" * (1024**2 + 1), "a.md", "larger than"),
    ],
    ids=["empty", "blank", "binary", "latin-1", "json", "json in md", "html", "script", "huge"],
)
def test_what_is_no_runbook_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, name: str, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert run(["runbook", "lint", str(tmp_path / name)]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert name in said.err
    assert said.out == ""


def test_a_missing_file_and_a_directory_end_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["runbook", "lint", str(tmp_path / "none.md")]) == 2
    assert run(["runbook", "lint", str(tmp_path)]) == 2
    assert run(["runbook", "lint", "a\0b"]) == 2
    assert "no such file" in capsys.readouterr().err


def test_planned_commands_are_told_from_the_command_line_itself() -> None:
    @click.group()
    def root() -> None: ...

    @root.group()
    def database() -> None: ...

    @database.command("restore")
    def restore() -> None: ...

    assert exists(root, "database restore")
    assert not exists(root, "database undo")
    assert missing(root, ("database", "undo", "it")) == "database undo"
    assert missing(root, ("database", "restore", "--to", "latest")) == ""
    assert missing(root, ("--version",)) == ""


def test_every_command_of_ours_is_marked_when_it_is_not_there(lint: Lint) -> None:
    result = lint("`fly regions add iad`", "--json")
    advice = json.loads(result.output)["data"][0]["findings"][0]["instead"]
    mark = "" if "region" in COMMANDS else " (planned)"
    assert advice.startswith(f"`lifeboat region failover`{mark}; ")


def test_a_command_of_ours_that_is_not_there_is_found(lint: Lint) -> None:
    result = lint(
        "```bash\nlifeboat frobnicate now\nlifeboat secrets list\nlifeboat secrets undo\n```", "--json"
    )
    found = json.loads(result.output)["data"][0]["findings"]
    assert [(each["line"], each["rule"]) for each in found] == [
        (2, "lifeboat-unknown-command"),
        (4, "lifeboat-unknown-command"),
    ]


def test_our_own_pages_pass() -> None:
    pages = [str(page) for page in sorted((ROOT / "docs").rglob("*.md")) if page.parent.name != "reference"]
    result = CliRunner().invoke(lifeboat, ["runbook", "lint", *pages, str(ROOT / "README.md"), "--json"])
    found = [each for report in json.loads(result.output)["data"] for each in report["findings"]]
    assert len(pages) > 5
    assert [(each["where"], each["command"]) for each in found if each["severity"] == "error"] == []
