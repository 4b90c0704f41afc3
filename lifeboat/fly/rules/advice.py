"""Sentences about a machine config that Fly accepts and an operator would regret. Pure; never a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifeboat.fly.rules.problem import Problem
from lifeboat.fly.rules.service_rules import mappings_of


def machine_config_advice(config: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what to think again about, with key paths counted from the config."""
    return (*_image(config), *_checks(config))


def routing_check_names(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names under which a machine reports the checks that gate routing.

    Such as `servicecheck-00-http-8080`: counted over all services, with the type and the port asked.
    """
    return tuple(
        f"servicecheck-{place:02d}-{check.get('type')}-{check.get('port') or service.get('internal_port')}"
        for place, (service, check) in enumerate(_routing_checks(config))
    )


def _routing_checks(config: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for at, service in mappings_of(config.get("services"), ("services",)):
        for _, check in mappings_of(service.get("checks"), at):
            yield service, check


def _image(config: Mapping[str, Any]) -> Iterator[Problem]:
    image = config.get("image")
    if isinstance(image, str) and image and "@sha256:" not in image:
        yield Problem(
            path=("image",), reason=f"{image!r} names no digest: what runs can change, or be pruned"
        )


def _checks(config: Mapping[str, Any]) -> Iterator[Problem]:
    for at, service in mappings_of(config.get("services"), ("services",)):
        if service.get("ports") and not service.get("checks"):
            reason = "has no checks: the proxy sends requests to a machine that may not answer"
            if config.get("checks"):
                reason += "; top-level checks only report"
            yield Problem(path=at, reason=reason)
