"""Facts about flyctl commands that exist and do something else than a runbook expects."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from scripts.runbook.flyctl import FlyCall
from scripts.runbook.rule import Rule, error, note, warning
from scripts.runbook.words import is_secret_setting

_HOST_DOWN = "fly.io/docs/apps/trouble-host-unavailable"
_PLACEMENT = "fly.io/docs/machines/guides-examples/machine-placement"
_SECRETS = "fly.io/docs/apps/secrets"


@dataclass(frozen=True, slots=True)
class FlyRule:
    """A rule about one command of flyctl."""

    path: str
    rule: Rule
    when: Callable[[FlyCall], bool] = lambda _call: True


RULES: tuple[FlyRule, ...] = (
    FlyRule(
        "scale count",
        error(
            "fly-scale-zero",
            "scaling to zero destroys the machines with their ids and settings; "
            "counting up again makes new ones of the default size, shared-cpu-1x with 256 MB",
            _HOST_DOWN,
            "`fly machine stop ID` and `fly machine cordon ID` for each machine; read `fly scale show` first",
        ),
        lambda call: any(re.fullmatch(r"(\w+=)?0", word) for word in call.arguments),
    ),
    FlyRule(
        "scale count",
        warning(
            "fly-scale-region",
            "scaling is all or nothing: it fails when one region has no capacity and never tries the next",
            _PLACEMENT,
            '`fly machine clone ID --region "REGION,NEXT"`, one machine at a time',
            ("region failover",),
        ),
        lambda call: call.flag("region", "r") is not None,
    ),
    FlyRule(
        "deploy",
        warning(
            "fly-image-by-tag",
            "a tag can move, and old images may be pruned from the registry",
            "fly.io/docs/blueprints/rollback-guide",
            "`fly deploy --image NAME@sha256:DIGEST`, with the digest recorded at each deploy",
            ("app rebuild",),
        ),
        lambda call: "@sha256:" not in (call.flag("image", "i") or "@sha256:"),
    ),
    FlyRule(
        "deploy",
        warning(
            "fly-deploy-immediate",
            "the immediate strategy replaces every machine and waits for no health check",
            "fly.io/docs/launch/deploy",
            "`fly deploy --strategy rolling`, or bluegreen; count the machines afterwards",
        ),
        lambda call: call.flag("strategy") == "immediate",
    ),
    FlyRule(
        "machine restart",
        warning(
            "fly-restart-without-id",
            "without a terminal it ends with `a machine ID must be specified`; with one it asks",
            "fly.io/docs/flyctl/machine-restart",
            "`fly apps restart APP`, or `fly machine list -q` and each id, one after the other",
        ),
        lambda call: not call.arguments and not {"select", "s"} & set(call.flags),
    ),
    FlyRule(
        "certs remove",
        warning(
            "fly-certificate-removed",
            "removing and adding a certificate again repairs nothing and spends the limits of the authority",
            "fly.io/docs/networking/custom-domain",
            "`fly certs check HOSTNAME`, then set the DNS records it asks for",
        ),
    ),
    FlyRule(
        "apps destroy",
        error(
            "fly-app-destroyed",
            "destroys machines, volumes, secrets and addresses; nothing of it comes back",
            "fly.io/docs/flyctl/apps-destroy",
            "stop and cordon the machines, and keep the app until the new one is verified",
            ("app rebuild",),
        ),
    ),
    FlyRule(
        "volumes destroy",
        error(
            "fly-volume-destroyed",
            "the volume's data is gone but for snapshots, which are kept five days by default",
            "fly.io/docs/volumes/snapshots",
            "`fly volumes snapshots create ID`, and destroy when a restore of it is proven",
        ),
    ),
    FlyRule(
        "machine destroy",
        warning(
            "fly-machine-destroyed",
            "force destroys a machine that is running, with whatever it is doing",
            "fly.io/docs/flyctl/machine-destroy",
            "`fly machine cordon ID`, `fly machine stop ID`, and destroy when nothing needs it",
        ),
        lambda call: bool({"force", "f"} & set(call.flags)),
    ),
    FlyRule(
        "volumes create",
        note(
            "fly-snapshot-retention",
            "snapshots are daily and kept five days unless said otherwise; a volume lives on one server",
            "fly.io/docs/volumes/snapshots",
            "`--snapshot-retention DAYS` (at most 60), and a copy outside of Fly",
        ),
        lambda call: "snapshot-retention" not in call.flags,
    ),
    FlyRule(
        "postgres create",
        warning(
            "fly-postgres-unmanaged",
            "unmanaged Postgres has no support from Fly, and it asks questions unless every size is given",
            "fly.io/docs/postgres",
            ours=("database restore",),
        ),
    ),
    FlyRule(
        "postgres backup restore",
        warning(
            "fly-postgres-restore",
            "needs the source cluster's leader alive, restores into its region, and exits 0 when it failed",
            "superfly/flyctl internal/command/postgres/backup.go",
            "keep the archive's address outside of Fly, and count rows after the restore",
            ("database restore",),
        ),
    ),
    FlyRule(
        "ssh console",
        note(
            "fly-ssh",
            "needs a WireGuard tunnel, and picks the first machine that is started",
            "fly.io/docs/flyctl/ssh-console",
            '`fly machine exec ID "COMMAND"` in procedures',
        ),
        lambda call: call.flag("command", "C") is not None,
    ),
    FlyRule(
        "secrets set",
        warning(
            "secret-in-arguments",
            "every process of the machine can read arguments, and the shell keeps them in its history",
            _SECRETS,
            "`fly secrets import < FILE`",
            ("secrets set",),
        ),
        lambda call: any(is_secret_setting(word) for word in call.arguments),
    ),
)
"""Every rule about a flyctl command that exists."""

RESTORE_BY_ID = error(
    "fly-postgres-restore-argument",
    "the argument is the name of the new cluster, not a backup; a backup is chosen by name or time",
    "fly.io/docs/flyctl/postgres-backup-restore",
    "`fly postgres backup restore NEW-APP --app OLD-APP --restore-target-name BACKUP`",
    ("database restore",),
)
REPEATED_SECRETS = warning(
    "fly-secrets-one-by-one",
    "each `fly secrets set` or `unset` restarts every machine of the app",
    _SECRETS,
    "one `fly secrets import` for all of them, or `--stage` and one `fly secrets deploy`",
    ("secrets set",),
)
SECRETS_LIST_AS_BACKUP = error(
    "secrets-list-is-no-backup",
    "Fly returns names and digests of secrets, never their values: the file holds no secret",
    _SECRETS,
    "keep the values in Secrets Manager, and write the version of each into the backup's manifest",
    ("backup create",),
)
LOGS_NEVER_END = warning(
    "fly-logs-never-end",
    "`fly logs` follows the log, so what waits for its end prints nothing",
    "fly.io/docs/flyctl/logs",
    "`fly logs --no-tail | …`",
)
