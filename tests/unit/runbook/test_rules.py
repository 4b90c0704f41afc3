"""Each rule strikes where it should and nowhere else; and what the rules advise passes the rules."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.runbook.document import read_document
from scripts.runbook.fly_advice import ADVICE
from scripts.runbook.flyctl import resolve, tree
from scripts.runbook.lint import Report, lint
from scripts.runbook.rule import Rule
from scripts.runbook.rules import aws, docker, files, fly_table, postgres, prose, secrets, sql


def report_on(text: str) -> Report:
    return lint(read_document("a.md", text))


def names(command: str) -> list[str]:
    return [each.rule.name for each in report_on(f"```bash\n{command}\n```\n").findings]


BAD = {
    "fly frobnicate": "fly-unknown-command",
    "flyctl pg backup undo": "fly-unknown-command",
    "fly m restart --hard 123": "fly-unknown-flag",
    "fly suspend": "fly-deprecated",
    "fly scale count web=2 worker=0": "fly-scale-zero",
    "fly scale count 2 --region ams,xxx": "fly-unknown-region",
    "fly apps destroy shop --yes": "fly-app-destroyed",
    "fly vol rm vol_1": "fly-volume-destroyed",
    "fly machine destroy 1 --force": "fly-machine-destroyed",
    "fly secrets list -a x > secrets.txt": "secrets-list-is-no-backup",
    "set -o pipefail\npg_dump x | gzip > y": "dump-not-verified",
    "sudo -u postgres pg_dump x | gzip > y": "dump-without-pipefail",
    "bash -c 'pg_dump x | gzip > y'": "dump-without-pipefail",
    "ssh db 'pg_dump shop | gzip > y.gz'": "dump-without-pipefail",
    "zcat x.gz | psql -v ON_ERROR_STOP=0 y": "restore-continues-on-error",
    "zcat x.gz | psql -v ON_ERROR_STOP=1 y": "restore-not-atomic",
    "pg_dump a | psql b": "dump-without-pipefail",
    "pg_restore -d x y.dump": "pg-restore-continues-on-error",
    "pg_restore -e --clean -d x y.dump": "pg-restore-clean",
    "dropdb shop": "database-dropped",
    'psql x -c "DROP DATABASE shop;"': "sql-destroys",
    "psql x <<EOF\ntruncate users;\nEOF": "sql-destroys",
    'psql x -c "delete from users;"': "sql-all-rows",
    "psql postgresql://me:hunter2@db/shop": "secret-in-arguments",
    "docker compose down -v": "docker-volume-removed",
    "docker volume prune -f": "docker-volume-removed",
    "rm -rf /var/lib/postgresql/data": "removes-data",
    'rm -rf "$DIR"/*': "removes-data",
    "rm -rf build": "removes-tree",
    "git push --force origin main": "git-force",
    "pkill -9 postgres": "database-killed",
    "aws s3 sync . s3://x --delete": "s3-sync-delete",
    "aws s3 rm s3://x --recursive": "s3-removed",
    "aws rds delete-db-instance --db-instance-identifier x --skip-final-snapshot": (
        "rds-deleted-without-snapshot"
    ),
    "aws rds restore-db-instance --db-instance-identifier x": "aws-unknown-command",
    "aws rdss describe-db-instances": "aws-unknown-command",
    "aws s3 synch a b": "aws-unknown-command",
    "aws rds describe-db-instances --instance x": "aws-unknown-option",
    "aws rds modify-db-instance --db-instance-identifier x --backup-retention-period 0": "rds-backups-off",
    "aws secretsmanager put-secret-value --secret-id x --secret-string hunter2": "secret-in-arguments",
    "aws secretsmanager delete-secret --secret-id x --force-delete-without-recovery": "secret-deleted",
}


@pytest.mark.parametrize("command", BAD)
def test_what_is_wrong_is_found(command: str) -> None:
    assert BAD[command] in names(command)


GOOD = (
    "fly version",
    "fly help deploy",
    "fly deploy",
    "fly secrets set LOG_LEVEL=debug",
    "fly machine exec 1 'df -h'",
    "fly -a x status",
    "fly logs",
    "fly logs | grep ERROR",
    "fly scale count 10",
    "fly $COMMAND",
    "pg_dump --version",
    "pg_restore --list x.dump",
    'psql x -c "SELECT 1"',
    'psql x -c "UPDATE a SET b = 1 WHERE c = 2"',
    'psql "postgresql://me:$PASSWORD@db/shop" -c "SELECT 1"',
    "echo 'rm -rf /'",
    "# fly regions add sea",
    "docker system prune -a",
    "git push --force-with-lease",
    "aws s3 rm s3://x --recursive --dryrun",
    "aws s3api list-objects-v2 --bucket x --max-items 3",
    "aws ecs execute-command --cluster x",
    "aws rds wait db-instance-available --db-instance-identifier x",
    "aws configure list",
    "grep -c '^NAME=' .env",
)


@pytest.mark.parametrize("command", GOOD)
def test_what_is_right_is_left_alone(command: str) -> None:
    assert names(command) == []


def test_sql_of_a_block_of_its_own_is_judged_in_its_line() -> None:
    text = (
        "```sql\n-- DROP TABLE a;\nSELECT 'x;y';\n\nDROP TABLE b;\n```\n\n```bash\npsql x\nTRUNCATE c;\n```\n"
    )
    found = [(each.line, each.command) for each in report_on(text).findings]
    assert found == [(5, "DROP TABLE b;"), (10, "TRUNCATE c;")]


def test_a_claim_is_judged_by_the_only_schedule_the_text_gives() -> None:
    claim = "- **RPO**: 1 hour\n"
    assert [each.line for each in report_on(f"- Database: daily\n\n{claim}").findings] == [3]
    assert report_on(f"- Database: daily\n- WAL archive\n\n{claim}").findings == ()
    assert report_on(f"- Daily: check database logs\n\n{claim}").findings == ()
    assert report_on("- Database: daily\n- **RPO**: 24 hours\n").findings == ()


def test_a_command_the_grammar_does_not_understand_is_said_to_be_unknown() -> None:
    unknown = report_on("```bash\nls\nfor x in\ndo fly logs; done\n```\n").unchecked
    assert [(each.line, each.command) for each in unknown] == [(3, "for x in"), (4, "do fly logs; done")]
    assert {each.reason for each in unknown} == {"not understood by the shell's grammar"}
    assert [each.line for each in report_on("```bash\nfly status ((\n```\n").unchecked] == [2]


def all_rules() -> list[Rule]:
    tables = [each.rule for table in (fly_table.RULES, aws.RULES) for each in table]
    singles = [
        value
        for module in (fly_table, postgres, docker, files, secrets, prose, sql)
        for value in vars(module).values()
        if isinstance(value, Rule)
    ]
    return [*tables, *singles]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_a_rule_says_why_where_from_and_what_instead(rule: Rule) -> None:
    assert rule.why
    assert rule.source
    assert rule.instead or rule.ours
    assert rule.why[0].islower() or rule.why.startswith(("`", "Fly", "AWS"))
    assert not rule.why.endswith(".")


ADVISED = sorted(
    {
        command
        for text in [*(rule.instead for rule in all_rules()), *(each.instead for each in ADVICE.values())]
        for command in re.findall(r"`((?:fly|aws|psql|pg_\w+|docker|redis-cli) [^`]+)`", text)
        if "…" not in command
    }
)


@pytest.mark.parametrize("command", ADVISED)
def test_what_is_advised_is_no_error_itself(command: str) -> None:
    found = [each.rule for each in report_on(f"```bash\n{command}\n```\n").findings]
    assert [rule.name for rule in found if rule.severity == "error"] == []


@pytest.mark.parametrize("key", sorted(ADVICE))
def test_advice_is_given_only_about_what_is_gone(key: str) -> None:
    call = resolve(tuple(key.split()))
    assert call.stranger or call.strange_flags or "gone" in call.entry


def test_every_command_of_the_tree_is_its_own_resolution() -> None:
    for path in tree()["commands"]:
        assert resolve(tuple(path.split())).path == path


_WORDS = st.sampled_from(
    (
        *(
            "fly",
            "flyctl",
            "aws",
            "psql",
            "pg_dump",
            "|",
            "||",
            ">",
            "<",
            "-c",
            "--",
            "-",
            "-a",
            "--at",
            "s3",
            "$(",
        ),
        *(
            "rds",
            "scale",
            "count",
            "0",
            '"',
            "'",
            "\n",
            "docker",
            "exec",
            "rm",
            "-rf",
            "sudo",
            "ssh",
            "bash",
            "find",
        ),
        *(
            "-exec",
            "kubectl",
            "xargs",
            "<<EOF",
            "```bash\n",
            "```",
            "`",
            "DROP TABLE x;",
            "timeout",
            "env",
            "A=1",
        ),
    )
)


@settings(deadline=None)
@given(st.lists(_WORDS, max_size=25), st.booleans())
def test_no_runbook_makes_the_lint_fail(words: list[str], fenced: bool) -> None:
    text = " ".join(words)
    report = report_on(f"```bash\n{text}\n```" if fenced else text)
    last = text.count("\n") + 4
    assert all(1 <= each.line <= last for each in report.findings)
    assert all(1 <= each.line <= last for each in report.unchecked)


@settings(deadline=None)
@given(st.text())
def test_no_text_makes_the_lint_fail(text: str) -> None:
    report_on(text)
    report_on(f"```sh\n{text}\n```")


@settings(deadline=None)
@given(st.lists(st.sampled_from(["", "text", "```bash\nls\n```", "> quote", "1. item"]), max_size=8))
def test_a_finding_keeps_its_line_whatever_stands_before_it(parts: list[str]) -> None:
    before = "\n\n".join(parts)
    text = f"{before}\n\n```bash\nls\nfly regions add sea\n```\n"
    line = text.split("\n").index("fly regions add sea") + 1
    assert {each.line for each in report_on(text).findings} == {line}
