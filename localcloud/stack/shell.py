"""Variables as lines that sh, bash and zsh evaluate: `eval "$(lifeboat env local)"`."""

from __future__ import annotations

import shlex

from localcloud.stack.variables import Variables


def shell_lines(variables: Variables) -> tuple[str, ...]:
    """Return one `unset` line and one `export` line per variable."""
    exports = (f"export {name}={shlex.quote(value)}" for name, value in sorted(variables.set.items()))
    return (f"unset {' '.join(variables.removed)}", *exports)
