"""Making machines: never twice. Fly has no idempotency key for them, so the name is the key.

A live machine's name is unique in its app. After an ambiguous failure the machine is looked for by name and
owner mark and adopted; when it is not there, the request is sent again, and Fly itself refuses a second one
of the name should the first arrive late.
"""

from __future__ import annotations

from lifeboat.fly.client.careful_write import CarefulWrite
from lifeboat.fly.client.machines import operations
from lifeboat.fly.client.machines.new_machine import NewMachine
from lifeboat.fly.client.machines.reading import MachineReading
from lifeboat.fly.client.models.machine import Machine


class MachineCreating(MachineReading):
    """Makes machines."""

    def create(self, app: str, new: NewMachine) -> Machine:
        """Make a machine, or adopt the one that this very call made before its answer was lost.

        An adopted machine has no nonce, even when a lease was asked for: that lease ends by itself.

        Raises:
            MachineNameTaken: a live machine has the name and this call did not make it.
            Capacity: there is no room.
            UnknownOutcome: it may or may not have been made.
        """
        return CarefulWrite(
            subject=f"machine {new.name} of app {app}",
            send=lambda: self._http.call(operations.CREATE, {"app": app}, body=new.body()).read(Machine),
            look=lambda: self._made(app, new),
            # A machine that destroys itself may have been made, have run and be gone.
            repeatable=not new.config.get("auto_destroy"),
        ).run(self._http)

    def _made(self, app: str, new: NewMachine) -> Machine | None:
        for machine in self.list(app):
            if new.is_this(machine):
                return machine
        return None
