"""Machines of one app as a Fly that keeps state, with failures that come before or after the deed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from tests.fly_client.scripted_fly import no, ok

Failure = httpx.Response | Exception


class StatefulFly:
    """Answers for the machines of the app `web`.

    `failures` are used up by writes: each is what one write answers, and whether it was done first.
    """

    def __init__(self) -> None:
        self.machines: dict[str, dict[str, Any]] = {}
        self.failures: list[tuple[Failure, bool]] = []
        self.writes: list[str] = []
        self.hidden = 0
        """How many lists show nothing."""
        self.unreadable: Failure | None = None
        self.before_read: Callable[[], None] = lambda: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        parts = request.url.path.split("/")[3:]
        if request.method == "GET":
            return self._read(parts)
        self.writes.append(f"{request.method} {'/'.join(parts[1:])}")
        failure, done = self.failures.pop(0) if self.failures else (None, True)
        answer = self._write(parts, json.loads(request.content or b"{}")) if done else ok()
        if failure is None:
            return answer
        if isinstance(failure, Exception):
            raise failure
        return failure

    def _read(self, parts: list[str]) -> httpx.Response:
        self.before_read()
        if isinstance(self.unreadable, Exception):
            raise self.unreadable
        if self.unreadable is not None:
            return self.unreadable
        if len(parts) == 2:
            self.hidden -= 1
            return ok([] if self.hidden >= 0 else list(self.machines.values()))
        found = self.machines.get(parts[2])
        return ok(found) if found else no(404, "not_found: machine not found")

    def _write(self, parts: list[str], body: dict[str, Any]) -> httpx.Response:
        if len(parts) == 2:
            return self._make(body)
        machine = self.machines[parts[2]]
        if parts[3:] == ["restart"]:
            machine["events"] = [{"id": f"e{len(self.writes)}", "type": "restart"}]
            return ok({"ok": True})
        if "current_version" in body and body["current_version"] != machine["version"]:
            return no(409, "aborted: machine update failed due to concurrent update")
        machine.update(config=body["config"], version=f"v{int(machine['version'][1:]) + 1}")
        return ok(machine)

    def _make(self, body: dict[str, Any]) -> httpx.Response:
        for machine in self.machines.values():
            if machine["name"] == body["name"] and machine["state"] != "destroyed":
                text = (
                    "already_exists: unique machine name violation, machine ID {} already exists with name {}"
                )
                return no(409, text.format(machine["id"], body["name"]))
        made = {
            "id": f"m{len(self.machines) + 1}",
            "name": body["name"],
            "region": body["region"],
            "state": "created",
            "version": "v1",
            "config": body["config"],
        }
        self.machines[made["id"]] = made
        return ok(made)
