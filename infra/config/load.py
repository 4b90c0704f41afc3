"""Reads an environment's file and says everything that is wrong with it at once.

    text ─► yaml_source ─► secret_scan ─► sections (pydantic) ─► checks ─► EnvironmentConfig

Effects: reads one file (and lists its folder when it is not there).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from infra.config.checks import CHECKS
from infra.config.environment import EnvironmentConfig
from infra.config.explain import explain, suggestion
from infra.config.problem import Problem, problem, refuse
from infra.config.secret_scan import scan_text, scan_tree
from infra.config.secret_shapes import hide
from infra.config.yaml_source import Tree, parse
from lifeboat.core.errors import ConfigError
from lifeboat.core.identity import PROJECT

_PULUMI_KEYS = frozenset({"encryptionsalt", "secretsprovider", "encryptedkey"})
_PREFIX = f"{PROJECT}:"


def load(environment: str, directory: Path) -> EnvironmentConfig:
    """Return the validated data of an environment.

    Args:
        environment: its name, `production`.
        directory: the folder of the `Pulumi.<environment>.yaml` files.

    Raises:
        ConfigError: no such file, or anything wrong with it: one line per problem, key path first.
    """
    path = directory / f"Pulumi.{environment}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        known = ", ".join(known_environments(directory)) or "none"
        raise ConfigError(
            f"environment {environment!r} has no file {directory.name}/{path.name}",
            hint=f"known environments: {known}",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{directory.name}/{path.name} cannot be read: {type(error).__name__}",
            hint="it must be a readable utf-8 text file",
        ) from error
    return parse_environment(text, environment, f"{directory.name}/{path.name}")


def known_environments(directory: Path) -> tuple[str, ...]:
    """Return the names of the environments that have a file, sorted."""
    names = (path.name for path in directory.glob("Pulumi.*.yaml"))
    return tuple(sorted(name.removeprefix("Pulumi.").removesuffix(".yaml") for name in names))


def parse_environment(text: str, environment: str, file: str) -> EnvironmentConfig:
    """Validate the text of an environment file.

    Args:
        text: the file's content.
        environment: the name the file goes by; the data must say the same.
        file: how messages call the file.

    Raises:
        ConfigError: anything wrong with it.
    """
    tree, problems = parse(text)
    found = [*problems, *scan_text(text)]
    if tree is not None and not (isinstance(tree, dict) and isinstance(tree.get("config"), dict)):
        found.append(Problem(path=(), message="must be a mapping with a mapping `config:` in it"))
        tree = None
    if tree is None:
        raise refuse(found, file)
    sections = dict(_sections(tree, found))
    secrets = list(scan_tree(sections))
    flagged = {each.path for each in secrets}
    config, rest = _validate(sections, environment)
    found += secrets + [each for each in rest if each.path not in flagged]
    if found:
        raise refuse(found, file)
    return config


def _sections(tree: Tree, found: list[Problem]) -> Iterator[tuple[str, Any]]:
    """Yield the sections of our namespace by name; what is wrong around them goes to `found`."""
    for key in tree:
        if key != "config" and key not in _PULUMI_KEYS:
            known = tuple(sorted({"config", *_PULUMI_KEYS}))
            found.append(Problem(path=(hide(str(key)),), message=f"unknown key{suggestion(str(key), known)}"))
    for key, value in tree["config"].items():
        namespace, colon, section = str(key).partition(":")
        if namespace == PROJECT and colon:
            yield section, value
        elif not colon:
            message = f"has no namespace; write it as {_PREFIX}{hide(str(key))}"
            found.append(Problem(path=("config", hide(str(key))), message=message))


def _validate(sections: dict[str, Any], environment: str) -> tuple[EnvironmentConfig, list[Problem]]:
    """Return the configuration, incomplete when there are problems, and what is wrong with its sections."""
    found: list[Problem] = []
    invalid: set[str] = set()
    try:
        config = EnvironmentConfig.model_validate_json(json.dumps(sections))
    except ValidationError as error:
        invalid = {str(detail["loc"][0]) for detail in error.errors(include_url=False, include_input=False)}
        found += explain(error, EnvironmentConfig, ())
        config = _draft(sections, invalid)
    for check in CHECKS:
        if invalid.isdisjoint(check.needs):
            found += check.find(config)
    if "environment" not in invalid and config.environment != environment:
        found.append(problem("environment", f"is {config.environment!r}, but the file is {environment}'s"))
    return config, found


def _draft(sections: dict[str, Any], invalid: set[str]) -> EnvironmentConfig:
    """Return a configuration of the valid sections only; checks look at no others."""
    values: dict[str, Any] = {}
    for name, field in EnvironmentConfig.model_fields.items():
        if name in sections and name not in invalid:
            adapter = TypeAdapter(field.annotation)  # type: ignore[arg-type]  # pydantic types it as optional
            values[name] = adapter.validate_json(json.dumps(sections[name]))
    return EnvironmentConfig.model_construct(**values)
