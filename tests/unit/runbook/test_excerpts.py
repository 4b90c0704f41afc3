"""What five real runbooks say, shortened: everything wrong in them is found, and in a good one nothing."""

from pathlib import Path

import pytest

from scripts.runbook.lint import Report, lint
from scripts.runbook.source import read_runbook

HERE = Path(__file__).parent / "excerpts"

EXPECTED: dict[str, set[tuple[str, str]]] = {
    "checklist.md": {
        ("fly logs -a shop-prod --tail", "fly-unknown-flag"),
        ("fly machine restart -a shop-prod", "fly-restart-without-id"),
        ("fly logs -a shop-prod | grep ERROR | tail -50", "fly-logs-never-end"),
        ("fly deploy --image registry.fly.io/shop-prod:[VERSION]", "fly-image-by-tag"),
        ('fly ssh console -a shop-prod -C "df -h"', "fly-ssh"),
    },
    "template.md": {
        ("fly logs -a [app-name] --limit 100", "fly-unknown-flag"),
        ("fly scale count 0 -a [app-name]", "fly-scale-zero"),
        ("fly certs remove [hostname] -a [app-name]", "fly-certificate-removed"),
        ("fly secrets set STORE_URL=... STORE_ANON_KEY=... -a [app-name]", "secret-in-arguments"),
        ("fly releases list -a [app-name]", "fly-unknown-command"),
        ("fly releases rollback -a [app-name]", "fly-unknown-command"),
        ("fly releases rollback v5 -a [app-name]", "fly-unknown-command"),
    },
    "painters.md": {
        ("Fly.io will automatically rollback if health checks fail.", "fly-rolls-back-nothing"),
        ("Secrets: Weekly snapshot to S3", "secrets-snapshot-stale"),
        ("fly deploy -c fly.toml.secure --strategy immediate", "fly-deploy-immediate"),
        ("fly deploy --image <previous-image-id>", "fly-image-by-tag"),
        ("make secrets-list > backups/secrets-$(date +%Y%m%d).txt", "secrets-list-is-no-backup"),
        (
            'fly postgres backup restore --at "2024-01-15 14:30:00" --app shop-prod-db',
            "fly-unknown-flag",
        ),
        (
            'fly postgres backup restore --at "2024-01-15 14:30:00" --app shop-prod-db',
            "fly-postgres-restore",
        ),
        ("fly postgres create --name shop-prod-db-new --region sjc", "fly-postgres-unmanaged"),
        (
            "fly postgres backup restore <backup-id> --app shop-prod-db-new",
            "fly-postgres-restore-argument",
        ),
        ("fly postgres backup restore <backup-id> --app shop-prod-db-new", "fly-postgres-restore"),
        ("fly secrets set DATABASE_URL=<new-connection-string>", "secret-in-arguments"),
        ("fly regions remove sjc", "fly-gone"),
        ("fly regions add sea", "fly-gone"),
        ("fly regions add sea", "fly-unknown-region"),
        ("fly scale count 3 --region sea", "fly-unknown-region"),
        ("fly scale count 3 --region sea", "fly-scale-region"),
        ("RTO (Recovery Time Objective): 30 minutes", "rto-by-restore"),
        ("RPO (Recovery Point Objective): 1 hour", "rpo-below-backup"),
        ('fly ssh console -C "redis-cli FLUSHDB"', "redis-flushed"),
        ('fly ssh console -C "redis-cli FLUSHDB"', "fly-ssh"),
        ("fly volumes create data --region sjc --size 10", "fly-snapshot-retention"),
        ("fly secrets set DEBUG_MODE=true", "fly-secrets-one-by-one"),
        ("fly secrets set DEBUG_SQL_QUERIES=true", "fly-secrets-one-by-one"),
    },
    "droplet.md": {
        ('redis-cli -a "$REDIS_PASSWORD" ping', "secret-in-arguments"),
        ("cat /var/www/shop/.env | grep DATABASE", "secret-on-screen"),
        ('pg_dump "$DATABASE_URL" > backup-$(date +%Y%m%d).sql', "dump-not-verified"),
        ('psql "$DATABASE_URL" -f migration.sql', "psql-continues-on-error"),
        ('psql "$DATABASE_URL" -c "REINDEX DATABASE shop;"', "sql-locks"),
        (
            'pg_dump "$DATABASE_URL" | gzip > shop-backup-$(date +%Y%m%d-%H%M%S).sql.gz',
            "dump-without-pipefail",
        ),
        (
            'gunzip < shop-backup-20240115-120000.sql.gz | psql "$DATABASE_URL"',
            "restore-continues-on-error",
        ),
    },
    "compose.md": {
        ("docker system prune -af --volumes", "docker-prune-volumes"),
        (
            "docker compose exec postgres pg_dump -U postgres shop > backup-$(date +%Y%m%d).sql",
            "dump-not-verified",
        ),
        (
            "docker compose exec -T postgres psql -U postgres shop < backup-20251113.sql",
            "restore-continues-on-error",
        ),
    },
    "good.md": set(),
}
UNKNOWN: dict[str, list[str]] = {
    "checklist.md": ["python scripts/emit_metrics.py --status"],
    "template.md": [],
    "painters.md": ["make secrets-list", "make db-restore BACKUP_ID=<backup-id>", "make fly-logs"],
    "droplet.md": ["pm2 status"],
    "compose.md": ["prepctl payments:recent --failed"],
    "good.md": [],
}
ERRORS = {
    "checklist.md": 1,
    "template.md": 5,
    "painters.md": 8,
    "droplet.md": 2,
    "compose.md": 2,
    "good.md": 0,
}


def report_on(name: str) -> Report:
    return lint(read_runbook(str(HERE / name)))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_finding_and_no_other(name: str) -> None:
    found = {(finding.command, finding.rule.name) for finding in report_on(name).findings}
    assert found == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_finding_stands_in_its_line(name: str) -> None:
    lines = (HERE / name).read_text().splitlines()
    for finding in report_on(name).findings:
        assert finding.command[:12] in lines[finding.line - 1].replace("**", "")


@pytest.mark.parametrize("name", sorted(UNKNOWN))
def test_what_nobody_can_judge_is_named(name: str) -> None:
    assert [each.command for each in report_on(name).unchecked] == UNKNOWN[name]


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_errors_are_what_fails_a_run(name: str) -> None:
    severities = [str(finding.rule.severity) for finding in report_on(name).findings]
    assert severities.count("error") == ERRORS[name]
