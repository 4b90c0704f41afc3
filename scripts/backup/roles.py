"""The roles file of a backup, made fit for where it is run.

`pg_dumpall --roles-only` writes a statement per line. It names who granted each membership: on RDS a role of
Amazon's that no other server lets grant, and roles of Amazon's that a new instance has already.
"""

from __future__ import annotations

import re

_GRANTOR = re.compile(r' GRANTED BY (?:"(?:[^"]|"")*"|[\w$]+);$')
_NAME = r'"?rds(?:admin|topmgr|repladmin|_[a-z_]+)"?'
_OF_PROVIDER = re.compile(rf"^(?:CREATE|ALTER) ROLE {_NAME}\b|^GRANT .* TO {_NAME}\b|^GRANT {_NAME} TO ")


def without_grantors(script: str) -> str:
    """Return the statements for a server of one's own, whose superuser grants everything."""
    return "".join(_GRANTOR.sub(";", line) + "\n" for line in script.splitlines())


def without_provider_roles(script: str) -> str:
    """Return the statements for an RDS instance: what Amazon made there is not made again."""
    kept = (line for line in without_grantors(script).splitlines() if not _OF_PROVIDER.search(line))
    return "".join(line + "\n" for line in kept)
