"""Making machines and new versions of them, from checked orders."""

from __future__ import annotations

from localcloud.fly.ids import Ids
from localcloud.fly.machines.boot import Boot
from localcloud.fly.machines.checks import Checks
from localcloud.fly.machines.halt import Halt, how_to_end
from localcloud.fly.machines.names import machine_name
from localcloud.fly.machines.order import Order
from localcloud.fly.machines.stage import Stage
from localcloud.fly.model import App, Host, Machine, State, Version, Volume


class Making:
    """Creates and updates machines."""

    def __init__(self, stage: Stage, boot: Boot, halt: Halt, checks: Checks) -> None:
        self._stage = stage
        self._boot = boot
        self._halt = halt
        self._checks = checks

    def create(self, app: App, host: Host, name: str, order: Order) -> Machine:
        """Make a machine on a host and launch it when it is to be."""
        ids, now = self._stage.world.records.ids, self._stage.world.clock.now()
        machine = Machine(
            id=ids.machine(),
            name=name or machine_name(ids),
            app_name=app.name,
            region=host.region,
            host_id=host.id,
            state=State.CREATING,
            private_ip=_private_ip(ids),
            image_digest=order.image.digest,
            created_at=now,
            updated_at=now,
            versions=[Version(id=ids.ulid(now), config=order.config, created_at=now)],
            wanted=State.STARTED if order.starts else State.CREATED,
            cordoned=order.skip_service_registration,
            min_secrets_version=order.min_secrets_version,
            light=order.is_light,
        )
        app.machines[machine.id] = machine
        _attach(order.volume, machine)
        self._stage.move(machine, State.CREATING, "launch", source="user", status=State.CREATED)
        self._stage.later(machine, self._stage.world.timings.create_s, self._created)
        return machine

    def update(self, app: App, machine: Machine, name: str, order: Order) -> None:
        """Give a machine a new version: its process is replaced, or it stays stopped."""
        ids, now = self._stage.world.records.ids, self._stage.world.clock.now()
        how = how_to_end(machine)
        self._stage.move(machine, State.REPLACING, "update", source="user")
        _detach(app, machine, order.volume)
        machine.versions.append(Version(id=ids.ulid(now), config=order.config, created_at=now))
        machine.name = name or machine.name
        machine.image_digest = order.image.digest
        machine.min_secrets_version = max(machine.min_secrets_version, order.min_secrets_version)
        machine.cordoned = machine.cordoned or order.skip_service_registration
        machine.light = order.is_light
        machine.exit_moments = []
        machine.wanted = State.STARTED if order.starts else State.STOPPED
        if not self._halt.end_process(machine, how):
            self._stage.later(machine, self._stage.world.timings.replace_s, self.replaced)
        machine.checks = {}

    def replaced(self, machine: Machine) -> None:
        """Go on with a new version once the old one is gone."""
        self._stage.note(machine, "launch", source="user", status=State.CREATED)
        if machine.wanted is State.STARTED:
            self._boot.launch(machine)
        else:
            self._stage.move(machine, State.STOPPED, "update", status=State.STOPPED)

    def _created(self, machine: Machine) -> None:
        if machine.wanted is State.STARTED:
            self._boot.launch(machine)
        else:
            self._stage.move(machine, State.CREATED, "launch")


def _attach(volume: Volume | None, machine: Machine) -> None:
    if volume is not None:
        volume.attached_machine_id = machine.id


def _detach(app: App, machine: Machine, kept: Volume | None) -> None:
    for volume in app.volumes.values():
        if volume.attached_machine_id == machine.id and volume is not kept:
            volume.attached_machine_id = ""
    _attach(kept, machine)


def _private_ip(ids: Ids) -> str:
    groups = [ids.text(4, "0123456789abcdef") for _ in range(4)]
    return f"fdaa:0:{groups[0].lstrip('0') or '0'}:a7b:{':'.join(g.lstrip('0') or '0' for g in groups[1:])}:2"
