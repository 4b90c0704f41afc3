"""A fleet of light machines costs the emulator little."""

from __future__ import annotations

from datetime import timedelta

from lifeboat.core.clock import SystemClock
from localcloud.fly.machines.order import read_order
from localcloud.fly.model import State
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.machine_world import LIGHT, MachineWorld

FLEET = 1000


def test_a_thousand_light_machines_are_created_started_and_listed_in_seconds(
    machines: MachineWorld, runner: FakeRunner
) -> None:
    life, world, watch = machines.emulator.life, machines.emulator.world, SystemClock()
    began_s = watch.monotonic_s()
    for number in range(FLEET):
        order = read_order(machines.app, {"image": LIGHT}, images=life.images, regions=("iad",))
        life.create(machines.app, order, name=f"light-{number}", regions=("iad",))
    world.clock.advance(timedelta(seconds=1))
    machines.emulator.settle()
    machines.pass_time(1)
    created_s = watch.monotonic_s() - began_s
    assert {machine.state for machine in machines.app.machines.values()} == {State.STARTED}
    assert runner.starts == []
    began_s = watch.monotonic_s()
    assert len(machines.ask("GET", "?summary=true")) == FLEET
    # Generous: this machine is shared; alone it takes about a quarter.
    assert created_s < 10
    assert watch.monotonic_s() - began_s < 5
