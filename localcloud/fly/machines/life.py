"""The life of machines: the one door through which API, proxy, admin and start-up change them.

    create ─► creating ─► created ─► starting ─► started ─► stopping ─► stopped
    update ─► replacing ─► starting …          started ─► suspending ─► suspended
    destroy ─► destroying ─► destroyed

Each call sets the transient state, plans the rest on the timeline and returns at once. It looks at the
machine's state and refuses with Fly's words; who may ask (token, lease) is the caller's to check.
"""

from __future__ import annotations

import asyncio

from localcloud.fly.images import registry
from localcloud.fly.machines import preconditions
from localcloud.fly.machines.boot import Boot
from localcloud.fly.machines.checks import Checks
from localcloud.fly.machines.exits import Exits
from localcloud.fly.machines.halt import Halt, how_to_end
from localcloud.fly.machines.hosts import Hosts
from localcloud.fly.machines.machine_log import append_log
from localcloud.fly.machines.making import Making
from localcloud.fly.machines.order import Order, check_name
from localcloud.fly.machines.placement import check_room_to_grow, place
from localcloud.fly.machines.process_runner import Images
from localcloud.fly.machines.root_directory import remove_root
from localcloud.fly.machines.running import Output, Runner
from localcloud.fly.machines.stage import Stage
from localcloud.fly.machines.watchers import Condition, Watchers
from localcloud.fly.model import App, Machine, State
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World


class MachineLife:
    """Creates, moves and ends machines.

    Args:
        world: what exists.
        runner: runs their processes.
        images: what images there are.
    """

    def __init__(self, world: World, runner: Runner, *, images: Images = registry) -> None:
        self.world = world
        self.runner = runner
        self.images = images
        self._watchers = Watchers()
        self._stage = Stage(world, self._watchers)
        self._checks = Checks(world, runner)
        self._boot = Boot(self._stage, runner, self._checks, images)
        self._halt = Halt(self._stage, runner, self._checks)
        self._making = Making(self._stage, self._boot, self._halt, self._checks)
        self._hosts = Hosts(self._stage, self._boot, self._halt)
        begun = {State.RESTARTING: self._boot.launch, State.REPLACING: self._making.replaced}
        runner.on_exit(Exits(self._stage, self._boot, self._halt, begun).on_exit)
        runner.on_output(self._log)

    def create(self, app: App, order: Order, *, name: str = "", regions: tuple[str, ...]) -> Machine:
        """Make a machine in the first region that has room.

        Raises:
            WireError: 409 the name is taken; what `placement.place` raises.
        """
        if name:
            check_name(app, name)
        host = place(self.world, app, regions=regions, config=order.config, volume=order.volume)
        return self._making.create(app, host, name, order)

    def update(self, app: App, machine: Machine, order: Order, *, name: str = "") -> None:
        """Give a machine a new version.

        Raises:
            WireError: 404, 408, 409, 412.
        """
        preconditions.alive(machine)
        self.check_host(machine)
        if name and name != machine.name:
            check_name(app, name, machine)
        check_room_to_grow(self.world, app, machine, order.config)
        self._making.update(app, machine, name, order)

    def start(self, machine: Machine, *, source: str = "user") -> State:
        """Start a machine and return the state it had; one that is started stays so.

        Raises:
            WireError: 404, 408, 412.
        """
        preconditions.may_start(machine)
        self.check_host(machine)
        before = machine.state
        if before is not State.STARTED:
            machine.exit_moments = []
            self._boot.launch(machine, source=source)
        return before

    def stop(
        self, machine: Machine, *, signal: object = None, timeout: object = None, source: str = "user"
    ) -> None:
        """Stop a machine with a signal, then SIGKILL; one that is stopped stays so.

        Args:
            machine: what to stop.
            signal: name of the signal; its `stop_config` says without.
            timeout: Go duration or seconds until SIGKILL; its `stop_config` says without.
            source: user or proxy.

        Raises:
            WireError: 400, 404, 408, 412.
        """
        preconditions.may_stop(machine)
        self.check_host(machine)
        how_to_end(machine, signal=signal, timeout=timeout)
        if machine.state not in {State.STOPPED, State.STOPPING}:
            self._halt.stop(machine, signal=signal, timeout=timeout, source=source)

    def suspend(self, machine: Machine, *, source: str = "user") -> None:
        """Suspend a machine.

        Raises:
            WireError: 404, 408, 412.
        """
        if machine.state in {State.SUSPENDED, State.SUSPENDING}:
            return
        preconditions.may_suspend(machine)
        self.check_host(machine)
        self._halt.suspend(machine, source=source)

    def restart(self, machine: Machine, *, signal: object = None, timeout: object = None) -> None:
        """Stop a machine's process and start it again; one that rests is started.

        Raises:
            WireError: 400, 404, 408, 412.
        """
        preconditions.may_stop(machine)
        self.check_host(machine)
        how = how_to_end(machine, signal=signal, timeout=timeout)
        machine.wanted = State.STARTED
        machine.exit_moments = []
        self._stage.move(machine, State.RESTARTING, "restart", source="user")
        if not self._halt.end_process(machine, how):
            self._stage.later(machine, self.world.timings.stop_s, self._boot.launch)

    def signal(self, machine: Machine, number: int) -> None:
        """Send a signal to a running machine.

        Raises:
            WireError: 404, 408, 412.
        """
        preconditions.is_running(machine)
        self.check_host(machine)
        self.runner.signal(machine.id, number)

    def destroy(self, machine: Machine, *, force: bool = False, source: str = "user") -> None:
        """Destroy a machine; on a host that is not there it stays `destroying`.

        Raises:
            WireError: 404, 412.
        """
        preconditions.may_destroy(machine, force=force)
        if machine.state is not State.DESTROYING:
            self._halt.destroy(machine, source=source)

    def cordon(self, machine: Machine, cordoned: bool) -> None:
        """Take a machine out of the proxy's sight, or back into it.

        Raises:
            WireError: 404, 412.
        """
        preconditions.alive(machine)
        machine.cordoned = cordoned
        self.world.changed()

    def host_lost(self, host_id: str) -> None:
        """Lose a host with all its processes."""
        self._hosts.lost(host_id)

    def host_back(self, host_id: str) -> None:
        """Give a lost host back."""
        self._hosts.back(host_id)

    def resume(self) -> None:
        """After the emulator was away: every host is there, machines become what they were wanted to be."""
        for host in self.world.records.hosts.values():
            host.status = "ok"
        for machine in list(self.world.machines()):
            if machine.state.is_live:
                self._hosts.settle(machine)

    def end_app(self, app: App) -> None:
        """End everything of an app that is being deleted."""
        for machine in app.machines.values():
            self._stage.cancel(machine)
            self._halt.kill_process(machine)
            remove_root(self.world, machine)

    def watch(self, machine: Machine, holds: Condition) -> asyncio.Future[None]:
        """Return a future that is done once a condition held at some change of a machine."""
        return self._watchers.watch(machine, holds)

    def check_host(self, machine: Machine) -> None:
        """Refuse what the machine's host would have to do while it is not there.

        Raises:
            WireError: 408.
        """
        if not self._stage.host_is_up(machine):
            raise WireError(408, f"deadline_exceeded: the host of machine {machine.id} is unreachable")

    async def close(self) -> None:
        """End all processes; the records stay as they are, for the next start."""
        await self._checks.close()
        await self.runner.close()

    def _log(self, output: Output) -> None:
        machine = self.world.find_machine(output.machine_id)
        if machine is not None:
            level = "error" if output.is_error else "info"
            at = self.world.clock.now()
            append_log(self.world.directory, machine, output.line, level=level, at=at)
