"""Makes a local stack usable: plugin, passphrase, settings, backend and the stack itself."""

from __future__ import annotations

from localcloud.stack.engine import Engine
from localcloud.stack.home import LocalHome
from localcloud.stack.passphrase import ensure_passphrase
from localcloud.stack.plugin import install_plugin
from localcloud.stack.settings import ensure_settings


def prepare_files(stack: str, home: LocalHome) -> None:
    """Put the files of a local stack right; quick, and the same however often it is done.

    Raises:
        ConfigError: the passphrase does not fit the stacks that exist, or the committed salt is missing.
    """
    home.backend.mkdir(parents=True, exist_ok=True)
    home.note(stack).parent.mkdir(parents=True, exist_ok=True)
    ensure_passphrase(home)
    ensure_settings(stack, home)
    install_plugin(home)
    home.no_aws_configuration.touch()


def ensure_stack(engine: Engine, home: LocalHome) -> bool:
    """Create the stack in the backend if it is not there; tell whether it was created.

    Raises:
        Stuck: the engine refuses.
    """
    if home.checkpoint(engine.stack).exists():
        return False
    engine.ask(["stack", "init", "--no-select"])
    return True
