"""The lines of `lifeboat env` mean the same in every shell."""

import shutil
import subprocess

import pytest

from localcloud.stack.shell import shell_lines
from localcloud.stack.variables import Variables

NASTY = 'it\'s "$HOME" `id` \\ * ; two  blanks'
SHELLS = [shell for shell in ("sh", "bash", "dash", "zsh") if shutil.which(shell)]


@pytest.mark.parametrize("shell", SHELLS)
def test_evaluating_the_lines_sets_and_removes(shell: str) -> None:
    lines = shell_lines(Variables(set={"NASTY": NASTY, "PLAIN": "x"}, removed=("GONE", "NEVER_SET")))
    script = "\n".join([*lines, 'printf "%s|%s|%s" "$NASTY" "$PLAIN" "${GONE-unset}"'])
    done = subprocess.run(
        [shell, "-eu", "-c", script], env={"GONE": "1"}, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{NASTY}|x|unset"
