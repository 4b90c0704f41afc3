"""The state of a stack as `pulumi stack export` gives it: which resource of the program follows which object.

Secrets in it are ciphertext and stay so; the document is handed back to the CLI as it came, but for ids.
Source: pulumi `sdk/go/common/apitype`, DeploymentV3.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.observe.pulumi_cli import PulumiFailed, run_pulumi

_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StackState:
    """One export.

    Args:
        document: as the CLI gave it.
    """

    document: Mapping[str, Any]

    @property
    def resources(self) -> list[Mapping[str, Any]]:
        """The resources; empty for a stack that was never brought up."""
        return list((self.document.get("deployment") or {}).get("resources") or ())

    def followers(self, object_id: str) -> tuple[str, ...]:
        """Return the URNs of the resources that follow an object, by its id at the provider."""
        return tuple(str(one["urn"]) for one in self.resources if one.get("id") == object_id)

    def following(self, instead: Mapping[str, str]) -> StackState:
        """Return the state in which resources follow other objects; nothing else of it differs.

        Args:
            instead: new id by old one. Outputs that repeat the old id get the new one too.
        """
        document = copy.deepcopy(dict(self.document))
        for one in (document.get("deployment") or {}).get("resources") or ():
            new = instead.get(one.get("id", ""))
            if new is not None:
                old, one["id"] = one["id"], new
                outputs = one.get("outputs") or {}
                outputs |= {name: new for name, value in outputs.items() if value == old}
        return StackState(document=document)


def read_stack_state(stack: str, project: Path) -> StackState:
    """Return the state of a stack; secrets are not decrypted.

    Args:
        stack: name of the stack.
        project: the folder that holds Pulumi.yaml.

    Raises:
        PulumiFailed: no CLI, no backend, no such stack.
    """
    printed = run_pulumi(["stack", "export", "--stack", stack], project, timeout_s=_TIMEOUT_S)
    try:
        document = json.loads(printed)
    except ValueError:
        raise PulumiFailed(f"pulumi stack export: the state of {stack} is not JSON") from None
    return StackState(document=document)
