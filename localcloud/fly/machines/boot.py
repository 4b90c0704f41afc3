"""Bringing a machine up: image, root file system, secrets, process, checks.

    launch ─► starting ─(root, environment, process)─► started ─► checks
              └─ image gone: launch_failed ─► failed

A light machine goes the same way without root, process and checks.
"""

from __future__ import annotations

from signal import SIGCONT

from localcloud.fly.faults.board import FaultKind
from localcloud.fly.images.registry import ImageKind
from localcloud.fly.machines.checks import Checks
from localcloud.fly.machines.environment import environment_of
from localcloud.fly.machines.process_runner import Images
from localcloud.fly.machines.root_directory import make_root
from localcloud.fly.machines.running import Runner
from localcloud.fly.machines.stage import Stage
from localcloud.fly.model import App, Machine, State

_NOT_PULLED = frozenset({State.CREATING, State.CREATED, State.REPLACING, State.FAILED, State.LAUNCH_FAILED})
_SECRETS_POLL_S = 0.2


class Boot:
    """Starts machines."""

    def __init__(self, stage: Stage, runner: Runner, checks: Checks, images: Images) -> None:
        self._stage = stage
        self._runner = runner
        self._checks = checks
        self._images = images

    def launch(self, machine: Machine, *, source: str = "flyd") -> None:
        """Start a machine from whatever state it rests in; a suspended one continues where it was."""
        machine.wanted = State.STARTED
        needs_pull = machine.state in _NOT_PULLED
        continues = machine.state is State.SUSPENDED and self._can_continue(machine)
        self._stage.move(machine, State.STARTING, "start", source=source)
        if needs_pull and self._image_is_gone(machine):
            self._fail(machine, f"failed to get manifest {machine.config['image']}: manifest unknown")
        elif continues:
            self._continue(machine)
        else:
            self.run(machine)

    def run(self, machine: Machine) -> None:
        """Start the process of a machine that is `starting`; a dead host does it when it is back."""
        app = self._stage.world.apps.get(machine.app_name)
        if app is None or not self._stage.host_is_up(machine):
            return
        if app.secrets_version < machine.min_secrets_version:
            self._stage.later(machine, _SECRETS_POLL_S, self.run)
            return
        machine.secrets_version = app.secrets_version
        try:
            self._start_process(app, machine)
        except (OSError, ValueError) as error:
            # A file of the configuration that cannot be written, or a full disk.
            self._fail(machine, f"failed to prepare the root file system: {error}")
            return
        self._stage.later(machine, self._stage.world.timings.start_s, self._started)

    def _start_process(self, app: App, machine: Machine) -> None:
        if not machine.light:
            named = make_root(self._stage.world, app, machine)
            self._runner.start(machine, {**environment_of(app, machine), **named})

    def _started(self, machine: Machine) -> None:
        self._checks.begin(machine)
        self._stage.move(machine, State.STARTED, "start")

    def _can_continue(self, machine: Machine) -> bool:
        return machine.light or self._runner.is_running(machine.id)

    def _continue(self, machine: Machine) -> None:
        self._runner.signal(machine.id, SIGCONT)
        self._stage.later(machine, self._stage.world.timings.start_s, self._started)

    def _image_is_gone(self, machine: Machine) -> bool:
        image = self._images.resolve(machine.config["image"])
        if image is None:
            return True
        about = {"image": image.reference, "app": machine.app_name, "region": machine.region}
        machine.light = image.kind is ImageKind.LIGHT
        machine.image_digest = image.digest
        return self._stage.world.faults.take(FaultKind.IMAGE_GONE, **about) is not None

    def _fail(self, machine: Machine, reason: str) -> None:
        machine.wanted = State.FAILED
        self._stage.move(machine, State.LAUNCH_FAILED, "launch", request={"error": reason})
        self._stage.later(machine, self._stage.world.timings.create_s, self._failed)

    def _failed(self, machine: Machine) -> None:
        self._stage.move(machine, State.FAILED, "launch")
