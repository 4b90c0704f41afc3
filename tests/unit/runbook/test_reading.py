"""Markdown and shell text become commands with the right words and the right lines."""

from hypothesis import given
from hypothesis import strategies as st

from scripts.runbook.command import Command
from scripts.runbook.document import Kind, read_document
from scripts.runbook.masking import is_placeholder, mask
from scripts.runbook.shell import read_shell

RUNBOOK = """# Restore

1. Look first
   ```bash
   # what is there
   fly logs -a [app-name] --limit 100
   pg_dump "$DATABASE_URL" \\
     | gzip > "copy-$(date +%F).sql.gz"
   ```

Check disk: `fly ssh console -C "df -h"`, then `make restart`.

| Logs | `fly logs` |
|------|------------|
| Status | `fly status` |

    $ aws s3 ls
"""


def commands(text: str, line: int = 1) -> list[Command]:
    return [command for found in read_shell(mask(text).shell, line) for command in found.commands]


def test_every_kind_of_code_is_found_in_its_line() -> None:
    found = [(each.kind, each.line, each.text) for each in read_document("a.md", RUNBOOK).snippets]
    assert found[0][:2] == (Kind.SHELL, 5)
    assert found[1:] == [
        (Kind.UNSAID, 11, 'fly ssh console -C "df -h"'),
        (Kind.UNSAID, 11, "make restart"),
        (Kind.UNSAID, 13, "fly logs"),
        (Kind.UNSAID, 15, "fly status"),
        (Kind.UNSAID, 17, "$ aws s3 ls\n"),
    ]


def test_a_pipeline_keeps_its_words_lines_and_redirections() -> None:
    block = read_document("a.md", RUNBOOK).snippets[0]
    logs, dump, *_ = read_shell(mask(block.text).shell, block.line)
    assert (logs.line, logs.commands[0].words[-1]) == (6, "100")
    assert dump.line == 7
    assert dump.commands[0].words == ("pg_dump", "$DATABASE_URL")
    assert dump.commands[1].outputs == ("copy-$(date +%F).sql.gz",)


def test_placeholders_are_words_and_not_redirections() -> None:
    (command,) = commands("fly deploy --image <previous image id>")
    assert (command.outputs, command.inputs) == ((), ())
    assert is_placeholder(command.words[-1])
    assert command.text == "fly deploy --image <previous_image_id>"


def test_answers_below_a_prompt_are_not_commands() -> None:
    assert [c.words for c in commands("$ ls \\\n  -l\ntotal 4\nrm -rf x\n")] == [("ls", "-l")]


def test_sql_typed_into_an_open_session_is_no_shell() -> None:
    masked = mask("psql x\nSELECT a,\n  b FROM c;\nls\nDROP TABLE d;\n")
    assert masked.sql == ((1, "SELECT a,\n  b FROM c;"), (4, "DROP TABLE d;"))
    assert [c.words for c in commands("psql x\nSELECT now();\nls")] == [("psql", "x"), ("ls",)]


def test_sql_inside_an_argument_stays_there() -> None:
    (command,) = commands('psql x -c "\nSELECT 1;\n"')
    assert "SELECT 1;" in command.words[-1]


def test_json_below_a_command_is_its_answer() -> None:
    assert [c.program for c in commands('curl x\n{\n  "status": "ok",\n  "a": {\n  }\n}\nls')] == [
        "curl",
        "ls",
    ]


def test_a_here_document_belongs_to_its_command() -> None:
    (command,) = commands("psql -v ON_ERROR_STOP=1 x <<'EOF'\nDROP TABLE a;\nEOF\n")
    assert command.heredoc == "DROP TABLE a;\n"


def test_pipefail_holds_from_where_it_is_set() -> None:
    text = "a | b\nset -euo pipefail\na | b\nset +o pipefail\na | b\n"
    assert [each.pipefail for each in read_shell(text, 1) if len(each.commands) > 1] == [False, True, False]


def test_commands_inside_loops_substitutions_and_lists_are_found() -> None:
    text = "for m in $(fly machine list -q); do fly machine stop $m && echo ok || exit 1; done"
    assert [c.program for c in commands(text)] == ["fly", "fly", "echo", "exit"]


def test_letters_far_beyond_ascii_are_letters() -> None:
    """The grammar's own scanner ends the process on the second of these."""
    (command,) = commands("echo 'für ☃' > größe.txt")
    assert (command.words, command.outputs) == (("echo", "für ☃"), ("größe.txt",))
    assert [c.text for c in commands("ls {\U000e9847")] == ["ls {\U000e9847"]


def test_a_deeply_nested_text_is_read_without_a_traceback() -> None:
    assert isinstance(read_shell("$(" * 3000, 1), tuple)


@given(st.text())
def test_no_text_makes_the_readers_fail(text: str) -> None:
    for snippet in read_document("a.md", text).snippets:
        read_shell(mask(snippet.text).shell, snippet.line)
    read_shell(mask(text).shell, 1)


@given(
    st.lists(
        st.sampled_from(
            ["", "# note", "text `fly logs` here", "```bash\nls\nfly status\n```", "- a\n- b", "> q"]
        )
    )
)
def test_the_line_of_a_command_is_the_line_it_stands_in(parts: list[str]) -> None:
    document = read_document("a.md", "\n\n".join(parts))
    for snippet in document.snippets:
        for found in read_shell(mask(snippet.text).shell, snippet.line):
            assert found.text in document.lines[found.line - 1]
