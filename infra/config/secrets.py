"""Section `secrets`: secrets by name. A value never appears in an environment file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from infra.config.section import Line, Name, Section

FlyTemplate = Annotated[str, Field(max_length=500, pattern=r"^[^\n{}]*(\{(value|database)\}[^\n{}]*)+$")]
"""A text around a secret's value."""


class SecretEntry(Section):
    """A secret of Secrets Manager, with a replica in the other region."""

    name: Name
    """Becomes `<product>/<environment>/<name>`."""
    purpose: Line
    """What it opens."""
    rotation_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """How old a value may become; absent: it does not age (a webhook address)."""
    generated: bool
    """True: Lifeboat's command makes the value up. False: a human hands it in."""
    database_role: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,62}$")] | None = None
    """The PostgreSQL role whose password it is: made in the primary database with it; absent: no role's."""
    fly_name: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    """Name under which the Fly apps receive it; absent: they do not."""
    fly_template: FlyTemplate | None = None
    """What the apps receive instead of the bare value: `{value}` stands for it, percent-encoded, `{database}`
    for `<address>:<port>` of the primary database."""
