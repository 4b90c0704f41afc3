"""The provider's own settings: its region and the tags every resource gets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Properties, Value

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")

KNOWN = frozenset({"region", "defaultTags", "version", "pluginDownloadURL"})
"""Settings the stand-in honours."""

UNUSED = frozenset(
    {
        "accessKey",
        "secretKey",
        "token",
        "profile",
        "endpoints",
        "allowedAccountIds",
        "maxRetries",
        "retryMode",
        "s3UsePathStyle",
        "skipCredentialsValidation",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "skipRequestingAccountId",
    }
)
"""Settings of the genuine provider that choose an account or an endpoint; the stand-in has one of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where resources without a region of their own go, and the tags all get."""

    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)


def check_settings(given: Properties) -> tuple[PropertyFailure, ...]:
    """Return what is wrong with provider settings; unknown values are fine in a preview."""
    failures = [
        PropertyFailure(path=key, reason="the stand-in aws plugin has no such setting")
        for key in given
        if key not in KNOWN | UNUSED
    ]
    region = given.get("region") or _region_of_environment()
    if region is not UNKNOWN and not (isinstance(region, str) and _REGION.fullmatch(region)):
        failures.append(PropertyFailure(path="region", reason=f"{region or 'nothing'} is not an AWS region"))
    tags = _tags(given.get("defaultTags"))
    if tags is not UNKNOWN and not _texts(tags):
        failures.append(PropertyFailure(path="defaultTags.tags", reason="must be a map of texts"))
    return tuple(failures)


def settings_from(given: Properties) -> Settings:
    """Read settings that passed `check_settings`."""
    return Settings(
        region=str(given.get("region") or _region_of_environment()),
        default_tags=dict(_tags(given.get("defaultTags"))),
    )


def _region_of_environment() -> str:
    return next((os.environ[name] for name in _REGION_VARIABLES if os.environ.get(name)), "")


def _tags(setting: Value) -> Value:
    if setting is None:
        return {}
    return (setting.get("tags") or {}) if isinstance(setting, dict) else setting


def _texts(tags: Value) -> bool:
    return isinstance(tags, dict) and all(
        isinstance(value, str) or value is UNKNOWN for value in tags.values()
    )
