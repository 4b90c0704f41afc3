"""Environment files for tests: the real ones, and real ones with something changed."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.config import EnvironmentConfig, known_environments
from infra.config.load import parse_environment
from lifeboat.core.errors import ConfigError

ENVIRONMENTS = Path(__file__).resolve().parents[3] / "environments"
REFERENCE = ENVIRONMENTS / "reference.yaml"
KNOWN = known_environments(ENVIRONMENTS)
ABSENT = object()
"""In place of a value: take the key away."""


def text_of(environment: str) -> str:
    """Return an environment's file, or the reference's."""
    return (
        REFERENCE if environment == "reference" else ENVIRONMENTS / f"Pulumi.{environment}.yaml"
    ).read_text()


def tree_of(environment: str) -> dict[str, Any]:
    """Return the sections of an environment by name; the caller's own copy."""
    return copy.deepcopy(_tree_of(environment))


@cache
def _tree_of(environment: str) -> dict[str, Any]:
    loaded = yaml.safe_load(text_of(environment))["config"]
    return {key.removeprefix("lifeboat:"): value for key, value in loaded.items()}


def written(sections: dict[str, Any]) -> str:
    """Return sections as the text of a file; JSON is YAML, and quicker to write."""
    return json.dumps({"config": {f"lifeboat:{key}": value for key, value in sections.items()}})


def changed(environment: str, *changes: tuple[str, object]) -> str:
    """Return an environment's file with values at dotted paths replaced, added or taken away."""
    sections = tree_of(environment)
    for path, value in changes:
        here: Any = sections
        *parents, last = path.split(".")
        for part in parents:
            here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
        if value is ABSENT:
            del here[last]
        elif isinstance(here, list):
            here[int(last)] = value
        else:
            here[last] = value
    return written(sections)


def config_of(environment: str, *changes: tuple[str, object]) -> EnvironmentConfig:
    """Return the configuration of an environment, changed."""
    return _parsed(changed(environment, *changes), environment)


@cache
def _parsed(text: str, environment: str) -> EnvironmentConfig:
    return parse_environment(text, environment, "file")


def problems_of(text: str, environment: str = "production") -> list[str]:
    """Return the lines of the refusal that a file meets."""
    with pytest.raises(ConfigError) as refusal:
        parse_environment(text, environment, f"environments/Pulumi.{environment}.yaml")
    return refusal.value.message.splitlines()
