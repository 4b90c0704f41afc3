"""The Pulumi program: environment data in, resources and the contract out."""

import asyncio
import atexit
import gc
from pathlib import Path

import pulumi

from infra.config import load
from infra.desired import build
from infra.outputs import export
from infra.resources.declare import declare
from infra.resources.sdk import declare_provider, load_types
from lifeboat.core.errors import ConfigError
from lifeboat.core.identity import environment_of
from lifeboat.core.project import ENVIRONMENTS


async def main() -> None:
    """Declare the environment of the current stack.

    Raises:
        pulumi.RunError: the environment's data cannot be used; Pulumi shows the message without a traceback.
    """
    stack = pulumi.get_stack()
    try:
        desired = build(load(environment_of(stack), Path(pulumi.get_root_directory()) / ENVIRONMENTS))
    except ConfigError as error:
        raise pulumi.RunError(str(error)) from None
    provider = declare_provider(desired)
    await asyncio.to_thread(load_types)
    export(desired, declare(desired, provider), stack)


if __name__ == "__main__":
    # Walking through thousands of generated classes in search of garbage takes a second and frees nothing.
    gc.disable()
    atexit.register(gc.freeze)
    pulumi.run(main)
