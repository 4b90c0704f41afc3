"""Sections `budget` and `roles`: what the account may spend, and who may act in it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from infra.config.section import Email, Section


class Budget(Section):
    """A monthly cost budget."""

    monthly_usd: Annotated[int, Field(ge=1, le=1_000_000)]
    """Mails go out at 80 % spent, and when the month is forecast to end over it."""
    contacts: Annotated[tuple[Email, ...], Field(min_length=1, max_length=10)]
    """Who gets them."""


class Roles(Section):
    """Who may assume the five roles: preview, deploy, backup, restore, breakglass."""

    repository: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$")]
    """The repository whose pipelines may: `<owner>/<name>`."""
    oidc_provider: Annotated[str, Field(pattern=r"^[a-z0-9.-]+(/[A-Za-z0-9._/-]+)?$")] = (
        "token.actions.githubusercontent.com"
    )
    """The OIDC provider registered in the account, without `https://`."""
