"""Names: which environment a stack runs, what a resource is called, where the manifest lies.

Every physical name is built here, once, so that a recovery can compute it when no state is reachable.
"""

from __future__ import annotations

import re

from lifeboat.core.errors import ConfigError

LOCAL = "local"
PROJECT = "lifeboat"
MANIFEST_KEY = "lifeboat/manifest.json"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def is_local_stack(stack: str) -> bool:
    """Tell whether a stack lives on the local cloud: `local`, or `local-<environment>`."""
    return stack == LOCAL or (stack.startswith(f"{LOCAL}-") and is_name(stack))


def environment_of(stack: str) -> str:
    """Return the environment whose data a stack runs: `local-production` runs `production`."""
    if not is_name(stack):
        raise ConfigError(
            f"stack {stack!r} is not a valid name", hint="use lower-case letters, digits, dashes"
        )
    return stack.removeprefix(f"{LOCAL}-")


def local_stack_of(environment: str) -> str:
    """Return the stack that runs an environment's data on the local cloud."""
    return LOCAL if environment == LOCAL else f"{LOCAL}-{environment}"


def is_name(text: str) -> bool:
    """Tell whether a text can be a product, environment or stack name."""
    return _NAME.fullmatch(text) is not None


def resource_name(product: str, environment: str, region: str, noun: str) -> str:
    """Return `<product>-<environment>-<region>-<noun>`."""
    return f"{product}-{environment}-{region}-{noun}"


def bucket_name(product: str, environment: str, region: str, suffix: str) -> str:
    """Return the name of a region's backup bucket; the suffix makes it unique among all AWS accounts.

    Raises:
        ConfigError: the name would pass 63 characters (S3 user guide, "Bucket naming rules").
    """
    name = resource_name(product, environment, region, f"backups-{suffix}")
    if len(name) > 63:  # noqa: PLR2004  # the S3 limit named above
        raise ConfigError(f"bucket name {name!r} has {len(name)} characters, over 63", hint="shorten product")
    return name
