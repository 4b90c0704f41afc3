"""A workflow of GitHub Actions that takes the backup role by OIDC: no key is stored anywhere.

The job runs in the deployment environment that the role trusts, with the right to ask for an identity token
and to read the checkout, and no other. Schedules of GitHub are UTC, start late at busy times, and may be as
short as five minutes.

Source: GitHub documentation, "Workflow syntax", "Configuring OpenID Connect in Amazon Web Services".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from lifeboat.core.contract import Contract
from lifeboat.core.errors import ConfigError
from scripts.backup.jobs.duty import Duty, JobFile

ROLE = "backup"
_SESSION_S = 3600
_BUNDLE = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
_NOTE = """\
# The runner has to reach the database: name one inside its network with --runs-on.
"""


def github_workflow(contract: Contract, duties: Sequence[Duty], runs_on: str) -> tuple[JobFile, ...]:
    """Return the workflow.

    Args:
        contract: names role and regions.
        duties: what runs when.
        runs_on: label of the runner.

    Raises:
        ConfigError: the environment has no role for backups.
    """
    role = contract.roles.get(ROLE)
    if role is None:
        raise ConfigError(f"environment {contract.environment} has no role {ROLE!r}", hint="run `pulumi up`")
    workflow = {
        "name": f"backups of {contract.environment}",
        "on": {
            "schedule": [{"cron": duty.expression} for duty in duties],
            "workflow_dispatch": {},
        },
        "permissions": {},
        "jobs": {
            duty.name: _job(contract, duty, role, runs_on, is_first=duty is duties[0]) for duty in duties
        },
    }
    content = _NOTE + yaml.safe_dump(workflow, sort_keys=False, width=100)
    return (JobFile(path=f".github/workflows/backups-{contract.environment}.yml", content=content),)


def _job(contract: Contract, duty: Duty, role: str, runs_on: str, *, is_first: bool) -> dict[str, Any]:
    mine = f"github.event.schedule == '{duty.expression}'"
    return {
        "if": f"github.event_name == 'workflow_dispatch' || {mine}" if is_first else mine,
        "runs-on": runs_on,
        "environment": f"{contract.environment}-backup",
        "timeout-minutes": _SESSION_S // 60,
        "permissions": {"contents": "read", "id-token": "write"},
        "concurrency": {"group": f"{duty.name}-{contract.environment}", "cancel-in-progress": False},
        "steps": [
            {"uses": "actions/checkout@v4", "with": {"persist-credentials": False}},
            {"uses": "actions/setup-python@v5", "with": {"python-version": "3.13"}},
            {
                "uses": "aws-actions/configure-aws-credentials@v4",
                "with": {
                    "role-to-assume": role,
                    "role-duration-seconds": _SESSION_S,
                    "aws-region": contract.topology.primary_region,
                },
            },
            *(_programs(contract) if is_first else ()),
            {"run": "python -m venv .venv && .venv/bin/pip install --require-hashes -r requirements.lock"},
            {"run": ".venv/bin/pip install --no-deps -e ."},
            {
                "run": " ".join((".venv/bin/lifeboat", *duty.arguments)),
                "env": {"PGSSLROOTCERT": "${{ runner.temp }}/rds.pem"},
            },
        ],
    }


def _programs(contract: Contract) -> list[dict[str, str]]:
    database = contract.databases.get(contract.topology.primary_region)
    major = database.engine_version.partition(".")[0] if database else ""
    return [
        {"run": f"sudo apt-get install --yes postgresql-{major} postgresql-client-{major}"},
        {"run": f'curl --fail --silent --show-error --output "$RUNNER_TEMP/rds.pem" {_BUNDLE}'},
    ]
