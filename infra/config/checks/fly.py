"""Fly apps: living regions, sizes Fly sells, names once, secrets that exist, and what `protected` demands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from infra.config.checks.secrets import unknown_secret
from infra.config.environment import EnvironmentConfig
from infra.config.fly import App, Group, ImageOwner
from infra.config.problem import Problem, problem
from lifeboat.fly.rules.guests import PRESETS, memory_problem, size_problem
from lifeboat.fly.rules.regions import fly_region_problem

Path = tuple[str | int, ...]


def fly_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield what is wrong with the apps."""
    if config.fly is None:
        return
    seen: set[str] = set()
    for key, app in config.fly.apps.items():
        path: Path = ("fly", "apps", key)
        if app.name in seen:
            yield Problem(path=(*path, "name"), message=f"{app.name!r} is there twice")
        seen.add(app.name)
        yield from _app_problems(app, config, path)
        for name, group in app.groups.items():
            yield from _group_problems(group, config, (*path, "groups", name))


def fly_network_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield what the network says against the apps' egress addresses."""
    apps = config.fly.apps.items() if config.fly is not None else ()
    for key, app in apps:
        if app.egress and (config.network is None or config.database is None):
            yield Problem(
                path=("fly", "apps", key, "egress"),
                message="admits the app to a database, and there is none; leave it out",
            )


def fly_safeguard_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield what a protected environment demands of its apps."""
    if not config.protected or config.fly is None:
        return
    for key, app in config.fly.apps.items():
        if app.owner is ImageOwner.IAC and "@sha256:" not in app.image:
            yield problem(f"fly.apps.{key}.image", "must name a digest; this environment is protected")
        for name, group in app.groups.items():
            path: Path = ("fly", "apps", key, "groups", name)
            if group.standbys < 1:
                yield Problem(path=(*path, "standbys"), message="must be at least 1; it is protected")
            if group.service is not None and group.count < 2:  # noqa: PLR2004  # one machine is one host
                message = "must be at least 2: one machine is down with its host; it is protected"
                yield Problem(path=(*path, "count"), message=message)


def _app_problems(app: App, config: EnvironmentConfig, path: Path) -> Iterator[Problem]:
    for position, name in enumerate(app.secrets or ()):
        unknown = unknown_secret(name, config)
        has_name = any(entry.name == name and entry.fly_name for entry in config.secrets)
        if unknown is not None or not has_name:
            message = unknown or f"secret {name!r} has no fly_name to be received under"
            yield Problem(path=(*path, "secrets", position), message=message)
    fly_names = {entry.fly_name for entry in config.secrets if entry.fly_name}
    variables = chain(app.env, *(group.env for group in app.groups.values()))
    for variable in sorted(set(variables) & fly_names):
        yield Problem(path=(*path, "env", variable), message="is the fly_name of a secret as well")
    disks = [group.volume.name for group in app.groups.values() if group.volume is not None]
    for name, group in app.groups.items():
        if group.volume is not None and disks.count(group.volume.name) > 1:
            message = f"{group.volume.name!r} is another group's as well; volumes are found by name"
            yield Problem(path=(*path, "groups", name, "volume", "name"), message=message)
    doubled = sorted({host for host in app.certificates if app.certificates.count(host) > 1})
    for host in doubled:
        yield Problem(path=(*path, "certificates"), message=f"{host!r} is there twice")


def _group_problems(group: Group, config: EnvironmentConfig, path: Path) -> Iterator[Problem]:
    home = set(config.topology.fly_regions.values())
    for position, code in enumerate(group.fallback_regions):
        message = fly_region_problem(code)
        if code in home:
            message = f"{code!r} is a region of topology.fly_regions already"
        if message is not None:
            yield Problem(path=(*path, "fallback_regions", position), message=message)
    yield from _size_problems(group, path)
    if group.volume is not None and group.fallback_regions:
        message = "a volume cannot follow a machine to another region; leave the fallbacks out"
        yield Problem(path=(*path, "fallback_regions"), message=message)
    if group.service is not None and group.service.soft_limit > group.service.hard_limit:
        yield Problem(path=(*path, "service", "soft_limit"), message="is above hard_limit")


def _size_problems(group: Group, path: Path) -> Iterator[Problem]:
    message = size_problem(group.size)
    if message is not None:
        yield Problem(path=(*path, "size"), message=message)
    elif group.memory_mib is not None:
        guest = PRESETS[group.size]
        message = memory_problem(guest.cpu_kind, guest.cpus, group.memory_mib)
        if message is not None:
            yield Problem(path=(*path, "memory_mib"), message=message)
