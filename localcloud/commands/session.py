"""A command's time with a stack: engine found, cloud up, stack prepared and healed, nobody else at it.

The order matters: what can be refused without starting anything is refused first, and a cloud that this
command started lives on only if the command got as far as its engine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from localcloud.commands.narrator import Narrator
from localcloud.commands.setting import Setting
from localcloud.stack.access import fly_endpoint, stack_variables
from localcloud.stack.engine import Engine
from localcloud.stack.environment_data import fly_organization
from localcloud.stack.heal import heal
from localcloud.stack.home import LocalHome
from localcloud.stack.names import local_stack
from localcloud.stack.prepare import ensure_stack, prepare_files
from localcloud.stack.work_lock import working_on
from localcloud.supervisor.admin import AdminApi
from localcloud.supervisor.up import Hold, hold_cloud


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A prepared stack.

    `refreshed` says that open operations of a killed engine were settled, which ended with a refresh.
    """

    engine: Engine
    home: LocalHome
    cloud: Hold
    refreshed: bool


@contextmanager
def stack_session(setting: Setting, name: str, command: str, narrator: Narrator) -> Iterator[Session]:
    """Prepare the local stack of an environment for the length of a block.

    An interruption ends the cloud if this command started it; anything else, errors included, leaves it
    running, because what was provisioned lives in it.

    Args:
        setting: what to work with.
        name: an environment, or its local stack.
        command: the command, told to whoever finds the stack held.
        narrator: where progress goes.

    Raises:
        ConfigError: unknown environment, a passphrase that does not fit, a taken port.
        LeaseHeld: another command or a running engine holds the stack.
        Refused, StepFailed: the engine cannot be had.
        Stuck: the cloud does not come up.
    """
    home = setting.home
    stack = local_stack(name, home)
    with working_on(stack, home, command=command, now=setting.clock.now()):
        prepare_files(stack, home)
        directory = setting.engine()
        with _cloud(setting, narrator) as cloud:
            environment = stack_variables(stack, home, environment=os.environ, engine=directory).apply(
                os.environ
            )
            engine = Engine(
                stack=stack,
                directory=directory,
                project=home.project,
                environment=environment,
                holding=() if cloud.lifeline is None else (cloud.lifeline,),
            )
            if ensure_stack(engine, home):
                narrator.say(f"created stack {stack!r}")
            _introduce(stack, home)
            refreshed = heal(engine, home, narrator.say)
            yield Session(engine=engine, home=home, cloud=cloud, refreshed=refreshed)


def _introduce(stack: str, home: LocalHome) -> None:
    """Make the organisation of the environment's apps known to the local Fly; on the real one it is there."""
    organization = fly_organization(stack, home)
    if organization is not None:
        AdminApi(fly_endpoint(home)).post("organizations", {"slug": organization})


@contextmanager
def _cloud(setting: Setting, narrator: Narrator) -> Iterator[Hold]:
    with hold_cloud(setting.home.cloud, table=setting.services) as cloud:
        if cloud.started:
            narrator.say("started the local cloud")
        try:
            yield cloud
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:
            cloud.keep()
            raise
        cloud.keep()
