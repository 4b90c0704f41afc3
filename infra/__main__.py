"""The Pulumi program: environment data in, resources and the contract out."""

from __future__ import annotations

import gc
from pathlib import Path

import pulumi


def main() -> None:
    """Declare the environment of the current stack.

    Raises:
        pulumi.RunError: the environment's data cannot be used; Pulumi shows the message without a traceback.
    """
    # A short process that loads thousands of generated classes: collecting costs 0.3 s and frees nothing.
    gc.disable()
    from infra.config import load
    from infra.desired import build
    from infra.outputs import export
    from infra.resources.declare import declare
    from lifeboat.core.errors import ConfigError
    from lifeboat.core.identity import environment_of
    from lifeboat.core.project import ENVIRONMENTS

    stack = pulumi.get_stack()
    environments = Path(pulumi.get_root_directory()) / ENVIRONMENTS
    try:
        desired = build(load(environment_of(stack), environments))
    except ConfigError as error:
        raise pulumi.RunError(str(error)) from None
    export(desired, declare(desired), stack)


if __name__ == "__main__":
    main()
