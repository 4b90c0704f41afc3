"""Machine groups on an emulated Fly: declare, run, look at the machines; time passes fast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud.fly.model import Machine
from tests.fly_provider.live_world import LiveWorld

APP = "shop-web"
LIGHT = "registry.fly.io/lifeboat-light"
V1 = {"image": f"{LIGHT}:1"}
V2 = {"image": f"{LIGHT}:2"}
TOKEN = "MachineGroup"


class GroupRun:
    """One group as the engine carries it from run to run.

    Args:
        world: where it lives; has the app already.
        inputs: as the program declares it first; `app`, `group`, `config` and `regions` have defaults.
    """

    def __init__(self, world: LiveWorld, **inputs: Any) -> None:
        self.world = world
        self.inputs: dict[str, Any] = {
            "app": APP,
            "group": "web",
            "config": V1,
            "regions": {"sjc": 2},
            **inputs,
        }
        self.checked: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}
        self.id = ""

    def up(self, **changes: Any) -> dict[str, Any]:
        """Run the program with changes; create at first, update when something differs."""
        self.inputs |= changes
        resource = self.world.resource(TOKEN, "web")
        checked = resource.check(self.inputs, self.checked)
        if not self.id:
            self.id, self.outputs = resource.create(checked)
        elif resource.diff(self.id, self.checked, self.outputs, checked).detailedDiff:
            self.outputs = resource.update(self.id, self.checked, self.outputs, checked)
        self.checked = checked
        return self.outputs

    def refresh(self) -> list[str]:
        """Refresh, and return the properties by which the program differs from what was found."""
        resource = self.world.resource(TOKEN, "web")
        self.id, self.checked, self.outputs = resource.refresh(self.id, self.checked, self.outputs)
        wanted = resource.check(self.inputs, self.checked)
        return sorted(resource.diff(self.id, self.checked, self.outputs, wanted).detailedDiff)

    def destroy(self) -> None:
        """Delete the group."""
        self.world.resource(TOKEN, "web").delete(self.id, self.checked, self.outputs)

    def machines(self) -> list[Machine]:
        """The emulator's records of the machines that count, by name."""
        return sorted(
            (machine for machine in self.world.app(APP).machines.values() if machine.state not in _GONE),
            key=lambda machine: machine.name,
        )

    def show(self, *fields: str) -> list[tuple[Any, ...]]:
        """Fields of every machine of the app, by name."""
        return [tuple(_field(machine, name) for name in fields) for machine in self.machines()]

    def change(self, name: str, work: Callable[[Machine], None]) -> None:
        """Change a machine's record behind everybody's back."""
        (machine,) = (machine for machine in self.machines() if machine.name == name)
        self.world.run(lambda: work(machine))


_GONE = ("destroying", "destroyed")


def _field(machine: Machine, name: str) -> Any:
    if name == "image":
        return machine.config["image"]
    value = getattr(machine, name)
    return str(value) if name == "state" else value
