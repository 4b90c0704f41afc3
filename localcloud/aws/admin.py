"""The admin API under `/_lifeboat/` (its list is in the package's docstring): JSON in, JSON out.

It bypasses faults and the gate, so that it answers while a region is "down" or a save is running.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lifeboat.core.errors import ConfigError, LifeboatError
from localcloud.aws.coverage import coverage_report
from localcloud.aws.faults import FaultSpec
from localcloud.aws.gate import Gate
from localcloud.aws.persistence import Persistence
from localcloud.aws.pinned_moto import MOTO_VERSION
from localcloud.aws.request_scope import Environ
from localcloud.aws.snapshot import forget_everything
from localcloud.aws.ticker import Ticker
from localcloud.aws.wire_error import Answer
from localcloud.aws.world import World

Body = dict[str, Any]
_STATUS = {200: "200 OK", 400: "400 Bad Request", 404: "404 Not Found", 500: "500 Internal Server Error"}


class Advance(BaseModel):
    """Body of POST /_lifeboat/clock."""

    model_config = ConfigDict(extra="forbid")

    advance_s: float = Field(ge=0)


class Admin:
    """Answers the admin requests."""

    def __init__(self, world: World, gate: Gate, persistence: Persistence, ticker: Ticker) -> None:
        self._world = world
        self._gate = gate
        self._persistence = persistence
        self._ticker = ticker
        self._routes: dict[tuple[str, str], Callable[[Environ], Body]] = {
            ("GET", "health"): self._health,
            ("GET", "faults"): self._list_faults,
            ("POST", "faults"): self._declare_fault,
            ("DELETE", "faults"): self._forget_faults,
            ("GET", "clock"): self._show_clock,
            ("POST", "clock"): self._advance_clock,
            ("POST", "save"): self._save,
            ("POST", "reset"): self._reset,
            ("GET", "coverage"): lambda _: coverage_report(),
        }

    def answer(self, environ: Environ) -> Answer:
        """Answer one admin request."""
        name = environ["PATH_INFO"].removeprefix("/_lifeboat/").rstrip("/")
        route = self._routes.get((environ["REQUEST_METHOD"], name))
        if route is None:
            return _json(404, {"error": f"no such admin request: {environ['REQUEST_METHOD']} {name}"})
        try:
            return _json(200, route(environ))
        except ValidationError as error:
            return _json(400, {"error": "; ".join(_first_words(error))})
        except ConfigError as error:
            return _json(400, {"error": error.message, "hint": error.hint})
        except (LifeboatError, OSError) as error:
            return _json(500, {"error": str(error)})

    def _health(self, _: Environ) -> Body:
        return {
            "ready": True,
            "pid": os.getpid(),
            "moto": MOTO_VERSION,
            "region_faults": self._world.faults.region_count(),
            "now": self._world.clock.now().isoformat(),
            "dirty": self._persistence.is_dirty,
            "last_save_error": self._persistence.last_error,
        }

    def _list_faults(self, _: Environ) -> Body:
        return {"faults": self._world.faults.describe()}

    def _declare_fault(self, environ: Environ) -> Body:
        spec = FaultSpec.model_validate_json(_read(environ))
        declared = {"id": self._world.faults.declare(spec), **spec.model_dump(mode="json")}
        self._tell_servers()
        return declared

    def _forget_faults(self, environ: Environ) -> Body:
        text = parse_qs(environ.get("QUERY_STRING", "")).get("id", [""])[0]
        if text and not text.isdigit():
            raise ConfigError(
                f"fault id {text!r} is not a number", hint="GET /_lifeboat/faults lists the ids"
            )
        forgotten = self._world.faults.forget(int(text) if text else None)
        self._tell_servers()
        return {"forgotten": forgotten}

    def _tell_servers(self) -> None:
        """Cut databases off with their regions before the answer, not at the next tick."""
        self._world.servers.settle(tuple, self._world.faults.down_regions())

    def _show_clock(self, _: Environ) -> Body:
        clock = self._world.clock
        return {"now": clock.now().isoformat(), "advanced_s": clock.advanced.total_seconds()}

    def _advance_clock(self, environ: Environ) -> Body:
        length = Advance.model_validate_json(_read(environ)).advance_s
        self._world.clock.advance(timedelta(seconds=length))
        self._persistence.mark_dirty()
        self._ticker.settle()
        return self._show_clock(environ)

    def _save(self, _: Environ) -> Body:
        self._persistence.save()
        return {"saved": True}

    def _reset(self, _: Environ) -> Body:
        with self._gate.exclusive():
            forget_everything()
            self._world.faults.forget()
            self._world.clock.reset()
            self._world.servers.on_reset()
        self._persistence.save()
        return {"reset": True}


def _read(environ: Environ) -> bytes:
    return bytes(environ["wsgi.input"].read())


def _first_words(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]


def _json(status: int, body: Body) -> Answer:
    raw = json.dumps(body).encode()
    headers = (("Content-Type", "application/json"), ("Content-Length", str(len(raw))))
    return Answer(status=_STATUS[status], headers=headers, body=raw)
