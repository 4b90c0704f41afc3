"""AWS CLI commands that do not exist, lose data, or leave out what a restore has to bring back."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import botocore

from scripts.runbook.aws_models import PROGRAM, AwsCall, options_of, resolve
from scripts.runbook.command import Command
from scripts.runbook.masking import is_placeholder
from scripts.runbook.rule import Rule, error, warning
from scripts.runbook.scene import Scene

_DOCS = "docs.aws.amazon.com/cli/latest/reference/"
Options = frozenset[str]


@dataclass(frozen=True, slots=True)
class AwsRule:
    """A rule about one command of the AWS CLI."""

    service: str
    operations: tuple[str, ...]
    rule: Rule
    when: Callable[[Options], bool] = lambda _options: True


RULES: tuple[AwsRule, ...] = (
    AwsRule(
        "s3",
        ("sync",),
        error(
            "s3-sync-delete",
            "removes at the destination whatever the source lacks; with an empty source, everything",
            f"{_DOCS}s3/sync.html",
            "`aws s3 sync` without it, into a new prefix, from a bucket with versioning",
        ),
        lambda options: "delete" in options and "dryrun" not in options,
    ),
    AwsRule(
        "s3",
        ("rm", "rb"),
        error(
            "s3-removed",
            "removes every object below the prefix, backups included",
            f"{_DOCS}s3/rm.html",
            "`--dryrun` first; a lifecycle rule on a bucket with versioning and object lock",
        ),
        lambda options: bool({"recursive", "force"} & options) and "dryrun" not in options,
    ),
    AwsRule(
        "rds",
        ("delete-db-instance", "delete-db-cluster"),
        error(
            "rds-deleted-without-snapshot",
            "nothing of the database is left",
            f"{_DOCS}rds/delete-db-instance.html",
            "`--final-db-snapshot-identifier NAME --no-delete-automated-backups`, or rename and keep it",
            ("backup create", "backup verify"),
        ),
        lambda options: bool({"skip-final-snapshot", "delete-automated-backups"} & options),
    ),
    AwsRule(
        "rds",
        ("delete-db-snapshot", "delete-db-cluster-snapshot", "delete-db-instance-automated-backup"),
        error(
            "rds-backup-deleted",
            "the backup is gone",
            f"{_DOCS}rds/delete-db-snapshot.html",
            "a retention that keeps the last verified backup",
            ("backup verify",),
        ),
    ),
    AwsRule(
        "rds",
        ("restore-db-instance-from-db-snapshot", "restore-db-instance-to-point-in-time"),
        warning(
            "rds-restore-loses-settings",
            "the new instance lacks settings of the old: parameter and security groups, protection, alarms",
            "docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html",
            "say each setting, compare with the old instance, and count rows before the application moves",
            ("database restore",),
        ),
    ),
    AwsRule(
        "rds",
        ("modify-db-instance",),
        error(
            "rds-backups-off",
            "a retention of zero deletes every automated backup at once",
            f"{_DOCS}rds/modify-db-instance.html",
            "`--backup-retention-period DAYS`, one to 35",
        ),
        lambda options: "backup-retention-period=0" in options,
    ),
    AwsRule(
        "secretsmanager",
        ("delete-secret",),
        error(
            "secret-deleted",
            "the secret cannot be brought back",
            f"{_DOCS}secretsmanager/delete-secret.html",
            "`--recovery-window-in-days DAYS`, seven to 30",
        ),
        lambda options: "force-delete-without-recovery" in options,
    ),
    AwsRule(
        "kms",
        ("schedule-key-deletion",),
        error(
            "key-deleted",
            "every backup and secret encrypted with the key is lost with it",
            f"{_DOCS}kms/schedule-key-deletion.html",
            "`aws kms disable-key --key-id ID`, and wait for what fails",
        ),
    ),
    AwsRule(
        "s3api",
        ("delete-bucket", "delete-objects", "put-bucket-versioning", "delete-bucket-lifecycle"),
        warning(
            "s3-bucket-weakened",
            "backups may be gone, or lose the versions that protect them",
            f"{_DOCS}s3api/index.html",
            "look at what the bucket holds first",
        ),
    ),
)
"""Every rule about an AWS command that exists."""


def judge(scene: Scene) -> Iterator[tuple[Rule, Command]]:
    """Report AWS commands that do not exist or lose data."""
    for command in scene.commands:
        call = resolve(command.arguments) if command.program == PROGRAM else None
        if call is not None:
            yield from ((rule, command) for rule in _of_call(call, command))


def _of_call(call: AwsCall, command: Command) -> Iterator[Rule]:
    if call.stranger and not is_placeholder(call.stranger) and not call.stranger.startswith("$"):
        yield _unknown(call)
        return
    if call.strange_options:
        yield error(
            "aws-unknown-option",
            f"`aws {call.service} {call.operation}` has no option {', '.join(call.strange_options)}"
            f" (botocore {botocore.__version__})",
            f"{_DOCS}{call.service}/{call.operation}.html",
        )
    if call.deprecated:
        yield warning(
            "aws-deprecated",
            f"AWS marks `aws {call.service} {call.operation}` as deprecated",
            f"{_DOCS}{call.service}/{call.operation}.html",
        )
    options = options_of(command.arguments)
    if command.value("--backup-retention-period") == "0":
        options |= {"backup-retention-period=0"}
    for each in RULES:
        if each.service == call.service and call.operation in each.operations and each.when(options):
            yield each.rule


def _unknown(call: AwsCall) -> Rule:
    wrong = f"{call.service} {call.operation}" if call.stranger == call.operation else call.service
    close = difflib.get_close_matches(call.stranger, call.names, n=3)
    prefix = f"{call.service} " if call.stranger == call.operation else ""
    names = ", ".join(f"`aws {prefix}{name}`" for name in close)
    return error(
        "aws-unknown-command",
        f"there is no command `aws {wrong}` (botocore {botocore.__version__})",
        f"{_DOCS}index.html",
        f"did you mean {names}?" if names else "`aws help` shows what there is",
    )
