"""Repairs wait for their modules, whoever imports them and whatever other threads import meanwhile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_PACKAGE = """
import threading
begun, over = threading.Event(), threading.Event()
begun.set()
assert over.wait(20)
"""
_SCRIPT = """
import sys, threading
sys.path.insert(0, sys.argv[1])
from localcloud.aws.repairs.install import install_repairs
from localcloud.aws.repairs.repair import Repair

def patch(module, world):
    module.repaired_for = world

install_repairs(
    [Repair(name="one", service="any", what="", operations=(), patches=(("parent.child", patch),))], "a world"
)
slow = threading.Thread(target=lambda: __import__("parent"), daemon=True)
slow.start()
while "begun" not in vars(sys.modules.get("parent", sys)):
    pass
from parent.child import repaired_for
sys.modules["parent"].over.set()
slow.join(20)
print(repaired_for)
"""


def test_a_module_is_repaired_while_another_thread_is_still_importing_its_package(tmp_path: Path) -> None:
    (tmp_path / "parent").mkdir()
    (tmp_path / "parent/__init__.py").write_text(_PACKAGE)
    (tmp_path / "parent/child.py").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("a world\n", "")
