"""The admin API under `/_lifeboat/`: ours, JSON in and out, without a token; no fault reaches it.

health; faults, clock, dns (GET, POST; DELETE for faults); save, reset, tokens, organizations (POST);
coverage, hosts, processes, addresses.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from lifeboat.core.errors import ConfigError
from localcloud.fly.admin_views import addresses, health, hosts
from localcloud.fly.certificates import dns
from localcloud.fly.coverage import coverage_report
from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultSpec
from localcloud.fly.persistence import Persistence
from localcloud.fly.seed import new_organization
from localcloud.fly.tokens import mint

PREFIX = "/_lifeboat/"
Body = dict[str, Any]


class Advance(BaseModel):
    """Body of POST clock."""

    model_config = ConfigDict(extra="forbid")

    advance_s: float = Field(ge=0, allow_inf_nan=False)


class NameRecord(BaseModel):
    """Body of POST dns: where a host name leads; `points` null goes back to what is assumed."""

    model_config = ConfigDict(extra="forbid")

    hostname: str = Field(min_length=1, max_length=253)
    points: dns.Points | None = None


class Introduction(BaseModel):
    """Body of POST organizations: one that shall exist; on Fly a person signed up for it."""

    model_config = ConfigDict(extra="forbid")

    slug: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,61}$")


class NewToken(BaseModel):
    """Body of POST tokens."""

    model_config = ConfigDict(extra="forbid")

    scope: str = Field(pattern="^(org|app):[a-z0-9-]+$")


class Admin:
    """Answers the admin requests.

    Args:
        emulator: what is administered.
        persistence: what saves it; None in process, where nothing is saved.
        proxy_port: where the edge listens, 0 without one.
    """

    def __init__(
        self, emulator: Emulator, persistence: Persistence | None = None, proxy_port: int = 0
    ) -> None:
        self._emulator = emulator
        self._world = emulator.world
        self._persistence = persistence
        self._proxy_port = proxy_port
        self._routes: dict[tuple[str, str], Callable[[Request], Awaitable[Body]]] = {
            ("GET", "health"): self._health,
            ("GET", "faults"): self._list_faults,
            ("POST", "faults"): self._declare_fault,
            ("DELETE", "faults"): self._forget_faults,
            ("GET", "clock"): self._show_clock,
            ("POST", "clock"): self._advance_clock,
            ("GET", "dns"): self._show_dns,
            ("POST", "dns"): self._declare_dns,
            ("POST", "save"): self._save,
            ("POST", "reset"): self._reset,
            ("GET", "coverage"): self._coverage,
            ("GET", "hosts"): self._hosts,
            ("GET", "processes"): self._processes,
            ("GET", "addresses"): self._addresses,
            ("POST", "organizations"): self._introduce,
            ("POST", "tokens"): self._mint,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one admin request."""
        request = Request(scope, receive)
        name = request.url.path.removeprefix(PREFIX).rstrip("/")
        route = self._routes.get((request.method, name))
        if route is None:
            status, body = 404, {"error": f"no such admin request: {request.method} {name}"}
        else:
            status, body = await self._answer(route, request)
        await JSONResponse(body, status_code=status)(scope, receive, send)

    async def _answer(
        self, route: Callable[[Request], Awaitable[Body]], request: Request
    ) -> tuple[int, Body]:
        try:
            return 200, await route(request)
        except ValidationError as error:
            words = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
            return 400, {"error": "; ".join(words)}
        except ConfigError as error:
            return 400, {"error": error.message, "hint": error.hint}
        except OSError as error:
            return 500, {"error": str(error)}

    async def _health(self, _: Request) -> Body:
        saving = self._persistence
        return {
            **health(self._world),
            "proxy_port": self._proxy_port,
            "dirty": saving is not None and saving.is_dirty,
            "last_save_error": saving.last_error if saving else "",
        }

    async def _list_faults(self, _: Request) -> Body:
        return {"faults": self._world.faults.describe()}

    async def _declare_fault(self, request: Request) -> Body:
        spec = FaultSpec.model_validate_json(await request.body())
        return {"id": self._emulator.faults.declare(spec), **spec.model_dump(mode="json")}

    async def _forget_faults(self, request: Request) -> Body:
        text = request.query_params.get("id", "")
        if text and not (text.isascii() and text.isdigit()):
            raise ConfigError(
                f"fault id {text!r} is not a number", hint="GET /_lifeboat/faults lists the ids"
            )
        return {"forgotten": self._emulator.faults.forget(int(text) if text else None)}

    async def _show_clock(self, _: Request) -> Body:
        clock = self._world.clock
        return {"now": clock.now().isoformat(), "advanced_s": clock.advanced.total_seconds()}

    async def _advance_clock(self, request: Request) -> Body:
        length_s = Advance.model_validate_json(await request.body()).advance_s
        longest_s = timedelta.max.total_seconds() - 1
        self._world.clock.advance(timedelta(seconds=min(length_s, longest_s)))
        self._world.changed()
        self._emulator.settle()
        return await self._show_clock(request)

    async def _show_dns(self, _: Request) -> Body:
        return {"names": self._world.records.dns}

    async def _declare_dns(self, request: Request) -> Body:
        declared = NameRecord.model_validate_json(await request.body())
        dns.declare(self._world, declared.hostname, declared.points)
        return await self._show_dns(request)

    async def _save(self, _: Request) -> Body:
        if self._persistence is not None:
            await self._persistence.save()
        return {"saved": self._persistence is not None}

    async def _reset(self, _: Request) -> Body:
        self._emulator.reset()
        if self._persistence is not None:
            await self._persistence.save()
        return {"reset": True}

    async def _coverage(self, _: Request) -> Body:
        return coverage_report(self._emulator.table)

    async def _hosts(self, _: Request) -> Body:
        return {"hosts": hosts(self._world)}

    async def _processes(self, _: Request) -> Body:
        return dict(self._emulator.runner.pids())

    async def _addresses(self, _: Request) -> Body:
        return {"addresses": addresses(self._world)}

    async def _introduce(self, request: Request) -> Body:
        slug = Introduction.model_validate_json(await request.body()).slug
        organizations = self._world.records.organizations
        if slug not in organizations:
            organizations[slug] = new_organization(slug)
            self._world.changed()
        return {"organizations": sorted(organizations)}

    async def _mint(self, request: Request) -> Body:
        scope = NewToken.model_validate_json(await request.body()).scope
        kind, _, name = scope.partition(":")
        if name not in (self._world.apps if kind == "app" else self._world.records.organizations):
            raise ConfigError(f"there is no {kind} {name!r}")
        text = mint(self._world.records.ids, self._world.records.tokens, scope)
        self._world.changed()
        return {"token": text, "scope": scope}
