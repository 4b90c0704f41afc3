"""Which local stacks there are: one for each environment whose data is in the checkout."""

from __future__ import annotations

from lifeboat.core.errors import ConfigError
from lifeboat.core.identity import LOCAL, environment_of, is_local_stack, local_stack_of
from localcloud.stack.home import LocalHome

_PREFIX, _SUFFIX = "Pulumi.", ".yaml"


def environments(home: LocalHome) -> tuple[str, ...]:
    """Return the names of the environments whose data files exist, sorted."""
    found = (path.name[len(_PREFIX) : -len(_SUFFIX)] for path in home.environments.glob("Pulumi.*.yaml"))
    # Settings of local-<environment> lie beside the data and are none.
    return tuple(sorted(name for name in found if not name.startswith(f"{LOCAL}-")))


def local_stack(name: str, home: LocalHome) -> str:
    """Return the local stack of an environment; the stack's own name is understood too.

    Args:
        name: `production`, `local-production` or `local`.
        home: the checkout.

    Raises:
        ConfigError: there is no such environment.
    """
    environment = environment_of(name)
    known = environments(home)
    if environment not in known:
        listed = ", ".join(known) or f"none, {home.environments} holds no Pulumi.<environment>.yaml"
        raise ConfigError(f"unknown environment {environment!r}", hint=f"known are: {listed}")
    return local_stack_of(environment)


def require_local(stack: str, home: LocalHome) -> str:
    """Return `stack` when it is a local stack of a known environment.

    Raises:
        ConfigError: it is not local, or its environment is unknown.
    """
    if not is_local_stack(stack):
        raise ConfigError(
            f"stack {stack!r} is not a local one",
            hint=f"the local stack of that environment is {local_stack_of(environment_of(stack))!r}",
        )
    return local_stack(stack, home)
