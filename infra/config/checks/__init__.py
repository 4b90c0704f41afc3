"""What one key says about another: the rules a schema of single keys cannot hold.

Each check names the sections it reads and runs when those are valid by themselves, so that a mistake in one
section does not hide the mistakes in the others.
"""

from infra.config.checks.alarms import alarm_problems
from infra.config.checks.backups import backup_problems
from infra.config.checks.check import Check
from infra.config.checks.database import database_problems
from infra.config.checks.fly import fly_network_problems, fly_problems, fly_safeguard_problems
from infra.config.checks.network import network_problems
from infra.config.checks.routing import routing_problems
from infra.config.checks.safeguards import safeguard_problems
from infra.config.checks.secrets import secret_problems
from infra.config.checks.topology import topology_problems

CHECKS = (
    Check(needs=("topology",), find=topology_problems),
    Check(needs=("topology", "network", "database", "fly"), find=network_problems),
    Check(needs=("topology", "objectives", "database"), find=database_problems),
    Check(needs=("product", "environment", "topology", "objectives", "backups"), find=backup_problems),
    Check(needs=("secrets", "database"), find=secret_problems),
    Check(needs=("fly", "topology", "secrets"), find=fly_problems),
    Check(needs=("fly", "network", "database"), find=fly_network_problems),
    Check(needs=("fly", "protected"), find=fly_safeguard_problems),
    Check(needs=("objectives", "database", "backups", "alarms"), find=alarm_problems),
    Check(needs=("secrets", "alarms"), find=routing_problems),
    Check(needs=("protected", "database", "backups", "alarms", "audit"), find=safeguard_problems),
)

__all__ = ["CHECKS", "Check"]
