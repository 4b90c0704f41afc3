"""Egress addresses of an app in a region: a pair, adopted or allocated; a lost half is allocated again."""

from __future__ import annotations

from typing import ClassVar

from lifeboat.core.errors import ConfigError, Refused
from lifeboat.fly.client import FlyClient
from lifeboat.fly.client.models.ip import IpType
from lifeboat.fly.provider.claims import Ground
from lifeboat.fly.provider.handler import DeclaredHandler
from lifeboat.fly.provider.ids import join_id, split_id
from lifeboat.fly.provider.ip_declaration import EGRESS_IP
from lifeboat.fly.provider.judging import judged
from lifeboat.fly.provider.looking import found_or_gone
from lifeboat.fly.provider.registry import ResourceKind
from lifeboat.fly.rules.names import app_name_problem
from lifeboat.fly.rules.regions import fly_region_problem
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.requests import (
    ChangeKind,
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    Difference,
    DiffRequest,
    Found,
    Made,
    ReadRequest,
    UpdateRequest,
)
from lifeboat.providerkit.values import Properties

_ID_FORM = "app/egress/region"
_WORD = "egress"
_HALVES = {"ipv4": IpType.EGRESS_V4, "ipv6": IpType.EGRESS_V6}


class EgressIpHandler(DeclaredHandler):
    """Handles `fly:index:EgressIp`; the id is `app/egress/region`."""

    declaration: ClassVar = EGRESS_IP
    volatile: ClassVar = frozenset(_HALVES)

    def problems(self, request: CheckRequest, inputs: Properties) -> tuple[PropertyFailure, ...]:
        """Judge name and region, and find two resources that mean the same pair."""
        failures = judged(inputs, app=app_name_problem, region=fly_region_problem)
        return failures or self.unique(request, inputs, "app", "region")

    def diff(self, request: DiffRequest) -> Difference:
        """Compare inputs; half a pair is a difference too."""
        declared = super().diff(request)
        lost: dict[Path, ChangeKind] = {
            (name,): ChangeKind.ADD for name in _HALVES if not request.old_outputs.get(name)
        }
        return Difference(changes={**lost, **declared.changes})

    def create(self, request: CreateRequest) -> Made:
        """Adopt what the app has in the region, or allocate a pair.

        Raises:
            Refused: the app has several pairs there.
        """
        inputs, subject = request.inputs, request.subject
        client = self.access.client(subject.clock)
        app, region = inputs["app"], inputs["region"]
        resource_id = join_id(app, _WORD, region)
        there = _pair(client, app, region)
        self.claim(subject, resource_id, Ground.ADOPTED if there else Ground.MADE)
        if there:
            subject.log(f"adopted {', '.join(there.values())}, which app {app} has in {region} already")
        return Made(
            resource_id=resource_id, outputs={**self.echo(inputs), **_completed(client, app, region, there)}
        )

    def read(self, request: ReadRequest) -> Found | None:
        """Look twice before saying that the pair is gone."""
        clock = request.subject.clock
        client = self.access.client(clock)
        app, region = _place(request.resource_id)
        pair = found_or_gone(lambda: _pair(client, app, region) or None, clock, self.access.recheck_s)
        if pair is None:
            return None
        inputs: Properties = {**request.old_inputs, "app": app, "region": region}
        return Found(resource_id=request.resource_id, outputs={**inputs, **pair}, inputs=inputs)

    def update(self, request: UpdateRequest) -> Properties:
        """Allocate the half that is missing."""
        client = self.access.client(request.subject.clock)
        app, region = _place(request.resource_id)
        there = _pair(client, app, region)
        return {**self.echo(request.inputs), **_completed(client, app, region, there)}

    def delete(self, request: DeleteRequest) -> None:
        """Release both; gone already is fine."""
        if self.outlives(request):
            return
        client = self.access.client(request.subject.clock)
        app, _region = _place(request.resource_id)
        for name in _HALVES:
            if request.old_outputs.get(name):
                client.ips.release(app, request.old_outputs[name])


def _place(resource_id: str) -> tuple[str, str]:
    app, word, region = split_id(resource_id, _ID_FORM)
    if word != _WORD:
        raise ConfigError(f"{resource_id!r} is no id of this type", hint=f"write it as {_ID_FORM}")
    return app, region


def _pair(client: FlyClient, app: str, region: str) -> dict[str, str]:
    here = [one for one in client.ips.list(app) if one.egress and one.region == region]
    pair = {}
    for name, kind in _HALVES.items():
        addresses = [one.ip for one in here if one.type is kind]
        if len(addresses) > 1:
            raise Refused(
                f"app {app} has several {kind} addresses in {region}: {', '.join(addresses)}",
                hint="release those that no allow list names",
            )
        if addresses:
            pair[name] = addresses[0]
    return pair


def _completed(client: FlyClient, app: str, region: str, there: dict[str, str]) -> dict[str, str]:
    if not there:
        made = client.ips.allocate(app, IpType.EGRESS_PAIR, region=region)
        v4, v6 = made.addresses
        return {"ipv4": v4, "ipv6": v6}
    missing = {name: kind for name, kind in _HALVES.items() if name not in there}
    return {
        **there,
        **{name: client.ips.allocate(app, kind, region=region).ip for name, kind in missing.items()},
    }


KIND = ResourceKind(declaration=EGRESS_IP, make=EgressIpHandler)
