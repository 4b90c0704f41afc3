"""Secrets: each name once, and the one the database needs among them."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.environment import EnvironmentConfig
from infra.config.explain import suggestion
from infra.config.problem import Problem, problem

_LONGEST_ROTATION_DAYS = 90


def secret_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield what is wrong with the list of secrets."""
    for field in ("name", "fly_name"):
        seen: set[str] = set()
        for position, entry in enumerate(config.secrets):
            name: str | None = getattr(entry, field)
            if name is not None and name in seen:
                yield Problem(path=("secrets", position, field), message=f"{name!r} is there twice")
            seen.add(name or "")
    yield from _template_problems(config)
    yield from _role_problems(config)
    if config.database is not None:
        yield from _master_problems(config, config.database.master_secret)


def _role_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    roles: set[str] = set()
    for position, entry in enumerate(config.secrets):
        role = entry.database_role
        for wrong, message in (
            (role and config.database is None, "there is no database"),
            (role and config.database and role == config.database.master_username, "is the master user"),
            (role in roles, f"{role!r} is there twice"),
        ):
            if wrong:
                yield Problem(path=("secrets", position, "database_role"), message=message)
        roles |= {role} if role else set()


def _template_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    for position, entry in enumerate(config.secrets):
        template = entry.fly_template
        for wrong, message in (
            (template and entry.fly_name is None, "is for apps, but there is no fly_name"),
            (template and template.count("{value}") != 1, "must hold {value} once"),
            (template and "{database}" in template and config.database is None, "there is no database"),
        ):
            if wrong:
                yield Problem(path=("secrets", position, "fly_template"), message=message)


def unknown_secret(name: str, config: EnvironmentConfig) -> str | None:
    """Say that a secret is not listed; None when it is."""
    names = tuple(entry.name for entry in config.secrets)
    if name in names:
        return None
    return f"no secret {name!r} in secrets{suggestion(name, names) if names else ''}"


def _master_problems(config: EnvironmentConfig, name: str) -> Iterator[Problem]:
    unknown = unknown_secret(name, config)
    if unknown is not None:
        yield problem("database.master_secret", unknown)
        return
    position = [entry.name for entry in config.secrets].index(name)
    entry = config.secrets[position]
    if not entry.generated:
        path = ("secrets", position, "generated")
        yield Problem(
            path=path, message="must be true: the master password is made up by the command that sets it"
        )
    if entry.rotation_days is None or entry.rotation_days > _LONGEST_ROTATION_DAYS:
        path = ("secrets", position, "rotation_days")
        yield Problem(path=path, message=f"must be at most {_LONGEST_ROTATION_DAYS} for the master password")
