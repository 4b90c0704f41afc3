"""What commands this version of Lifeboat has, read from the command line itself."""

from __future__ import annotations

import click


def exists(root: click.Command, name: str) -> bool:
    """Is there a command of this name, such as `database restore`?"""
    return not missing(root, tuple(name.split()))


def missing(root: click.Command, words: tuple[str, ...]) -> str:
    """Return the first command in the words that does not exist, with its group; empty when all do.

    Args:
        root: the whole command line.
        words: what stands after `lifeboat`; reading ends at an option or where no group is left.
    """
    command, path = root, []
    for word in words:
        if not isinstance(command, click.Group) or word.startswith("-"):
            return ""
        path.append(word)
        below = command.get_command(click.Context(command), word)
        if below is None:
            return " ".join(path)
        command = below
    return ""
