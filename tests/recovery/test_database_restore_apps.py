"""An app's machines sleep around the swap and run afterwards: exactly those that ran before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from lifeboat.fly.client import FlyClient
from scripts.actions.app_machines import MARK
from scripts.actions.app_pause import PauseApp, WakeOnAbort
from scripts.actions.app_resume import ResumeApp
from scripts.engine.journal_reading import read_journal
from scripts.engine.run_state import Phase
from scripts.engine.runner import Runner
from scripts.engine.step import Effect
from scripts.engine.step_kind import Kinds
from scripts.engine.workplace import Workplace
from tests.contract.fly_world import FlyWorld
from tests.contract.places import Place, in_process
from tests.recovery.memory_store import FragileStore, Killed, Killer, MemoryStore
from tests.recovery.operators import PACE
from tests.recovery.plans import a_plan, a_step

State = tuple[str, bool, bool]
UP, DOWN, ASLEEP = ("started", False, False), ("stopped", False, False), ("stopped", True, True)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with in_process(tmp_path_factory.mktemp("fly")) as place:
        yield place


@pytest.fixture
def fly(place: Place) -> Iterator[FlyWorld]:
    """An app of which two machines run; the third is a standby."""
    with FlyWorld(place) as world:
        for name in ("web-1", "web-2"):
            world.machine(name)
        standby = world.machine("web-3")
        world.client.machines.stop(world.app, standby.id)
        world.pass_time(10)
        assert states(world) == {"web-1": UP, "web-2": UP, "web-3": DOWN}
        yield world


def states(fly: FlyWorld) -> dict[str, State]:
    """State, cordon and mark of every machine, by name."""
    machines = fly.client.machines.list(fly.app)
    return {one.name: (one.state, one.cordoned, MARK in one.metadata) for one in machines}


class Nap:
    """A run that pauses an app and resumes it; every write of it, to Fly too, is a moment to die at."""

    def __init__(self, fly: FlyWorld, directory: Path, *, resumes: bool = True) -> None:
        self.fly = fly
        self.directory = directory
        self.store = MemoryStore(fly.clock)
        app, now = {"app": fly.app}, fly.clock.now()
        steps = [
            a_step("wake", kind="app-wake-on-abort", parameters=app, effect=Effect.CHANGES),
            a_step("pause", kind="app-pause", parameters=app, effect=Effect.DANGEROUS),
        ]
        if resumes:
            steps.append(a_step("resume", kind="app-resume", parameters={**app, "paused_by": "pause"}))
        self.plan = a_plan(*steps, created_at=now, expires_at=now + timedelta(days=1))

    def runner(self, name: str, killer: Killer) -> Runner:
        """Return a runner of somebody on a machine of their own."""

        def moment(request: httpx.Request, response: httpx.Response) -> httpx.Response:
            if request.method != "GET":
                killer.moment(f"after {request.method} {request.url.path}")
            return response

        client: FlyClient = self.fly.client_through(moment)
        kinds = Kinds(kind(lambda: client) for kind in (WakeOnAbort, PauseApp, ResumeApp))
        store, local = FragileStore(self.store, killer), self.directory / name
        return Runner(
            Workplace(store=store, kinds=kinds, holder=name, local=local, clock=self.fly.clock, pace=PACE)
        )

    def run(self, killer: Killer) -> None:
        """Run."""
        runner = self.runner("alice", killer)
        runner.run(self.plan, digest=self.plan.digest, fingerprint=lambda: "world-1")

    @property
    def run_id(self) -> str:
        """The newest run."""
        return max(key.split("/")[1] for key in self.store.objects if key.startswith("runs/"))

    @property
    def has_ended(self) -> bool:
        """Whether nothing is left to do."""
        return read_journal(self.store, self.run_id)[1].phase is Phase.ENDED


def test_what_ran_sleeps_and_a_standby_is_not_touched(fly: FlyWorld, tmp_path: Path) -> None:
    nap = Nap(fly, tmp_path, resumes=False)
    nap.run(Killer())
    assert states(fly) == {"web-1": ASLEEP, "web-2": ASLEEP, "web-3": DOWN}


def test_what_slept_runs_again_and_the_standby_stays_down(fly: FlyWorld, tmp_path: Path) -> None:
    before = states(fly)
    Nap(fly, tmp_path).run(Killer())
    assert states(fly) == before


@pytest.mark.parametrize("back", [False, True], ids=["resumed", "aborted"])
def test_killed_after_any_write_every_machine_runs_in_the_end(
    fly: FlyWorld, tmp_path: Path, *, back: bool
) -> None:
    before = states(fly)
    counting = Killer()
    Nap(fly, tmp_path / "count").run(counting)
    writes = [at for at, name in enumerate(counting.names, 1) if name.startswith("after ")]
    first = next(at for at in writes if counting.names[at - 1].endswith("/journal/000001.json"))
    assert sum("machines" in counting.names[at - 1] for at in writes) == 12
    for at in (at for at in writes if at >= first):
        nap = Nap(fly, tmp_path / str(at))
        with pytest.raises(Killed):
            nap.run(Killer(at=at))
        runner = nap.runner("bob", Killer())
        if back and not nap.has_ended:
            assert runner.abort(nap.run_id, take_over=True).outcome == "undone"
        else:
            runner.resume(nap.run_id, fingerprint=lambda: "world-1", take_over=True)
        fly.pass_time(10)
        assert states(fly) == before, counting.names[at - 1]
