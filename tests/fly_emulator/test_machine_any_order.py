"""Whatever is done to machines in whatever order: they come to rest, and processes fit their states."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lifeboat.core.clock import ManualClock
from localcloud.fly.emulator import Emulator
from localcloud.fly.machines.order import Order, read_order
from localcloud.fly.model import App, Machine, State
from localcloud.fly.wire_error import WireError
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.machine_world import DEMO, LIGHT

ACTIONS = ("start", "stop", "suspend", "restart", "update", "destroy", "force", "crash", "exit")
HAS_PROCESS = frozenset({State.STARTED, State.SUSPENDED})


class AnyOrder(RuleBasedStateMachine):
    """Three machines on hosts that come and go."""

    def __init__(self) -> None:
        super().__init__()
        self._directory = tempfile.TemporaryDirectory()
        self.clock = ManualClock(datetime(2026, 9, 1, tzinfo=UTC))
        self.runner = FakeRunner()
        self.emulator = Emulator(Path(self._directory.name), self.clock, runner=self.runner)
        self.life = self.emulator.life
        self.app = App(
            id="a",
            name="web",
            internal_numeric_id=1,
            org_slug="lifeboat",
            network="default",
            created_at=self.clock.now(),
        )
        self.emulator.world.apps["web"] = self.app
        for image in (DEMO, DEMO, LIGHT):
            self.life.create(self.app, self._order(image), regions=("iad",))

    def _order(self, image: str) -> Order:
        return read_order(self.app, {"image": image}, images=self.life.images, regions=("iad",))

    def _machine(self, number: int) -> Machine:
        return list(self.app.machines.values())[number]

    def _pass(self, seconds: float) -> None:
        for _ in range(20):
            self.clock.advance(timedelta(seconds=seconds / 20))
            self.emulator.settle()

    @rule(number=st.integers(0, 2), action=st.sampled_from(ACTIONS))
    def act(self, number: int, action: str) -> None:
        """Do something to a machine; a refusal is an answer, too."""
        machine = self._machine(number)
        with suppress(WireError):
            self._act(machine, action)

    def _act(self, machine: Machine, action: str) -> None:
        if action in {"crash", "exit"}:
            if self.runner.is_running(machine.id):
                self.runner.end(machine.id, exit_code=int(action == "crash"))
        elif action == "update":
            self.life.update(self.app, machine, self._order(machine.config["image"]))
        elif action in {"destroy", "force"}:
            self.life.destroy(machine, force=action == "force")
        else:
            getattr(self.life, action)(machine)

    @rule(seconds=st.sampled_from([0.0, 0.06, 0.2, 1.0]))
    def pass_time(self, seconds: float) -> None:
        """Let time pass, perhaps too little for what is under way."""
        self._pass(seconds)

    @rule(number=st.integers(0, 2))
    def lose_host(self, number: int) -> None:
        """Lose a machine's host."""
        self.life.host_lost(self._machine(number).host_id)

    @precondition(lambda self: self._lost())
    @rule()
    def give_hosts_back(self) -> None:
        """Give every lost host back."""
        for host_id in self._lost():
            self.life.host_back(host_id)

    @invariant()
    def a_lost_host_runs_nothing(self) -> None:
        """No process is left on a host that is not there."""
        for machine in self.app.machines.values():
            if machine.host_id in self._lost():
                assert not self.runner.is_running(machine.id)

    def teardown(self) -> None:
        """Give hosts back and wait: everything rests where it is wanted, with the process that fits."""
        self.give_hosts_back()
        self._pass(60)
        for machine in self.app.machines.values():
            assert machine.state.is_settled, machine.state
            assert machine.state is machine.wanted
            has_process = machine.state in HAS_PROCESS and not machine.light
            assert has_process >= self.runner.is_running(machine.id)
            if machine.state is State.STARTED:
                assert self.runner.is_running(machine.id) is not machine.light
        self._directory.cleanup()

    def _lost(self) -> list[str]:
        hosts = self.emulator.world.records.hosts.values()
        return [host.id for host in hosts if host.status != "ok"]


AnyOrder.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, database=None, derandomize=True
)
TestAnyOrder = AnyOrder.TestCase
