"""Certificates of host names: asked for or imported, waited for only when the program says so.

It must never remove a certificate to repair it, and never show a private key.
"""

from __future__ import annotations

from typing import ClassVar

from lifeboat.core.errors import LifeboatError
from lifeboat.core.secret import Secret
from lifeboat.fly.client import FlyClient
from lifeboat.fly.client.models.certificate import CertificateDetail
from lifeboat.fly.provider.certificate_checks import hostname_problem, own_certificate_problems
from lifeboat.fly.provider.certificate_declaration import CERTIFICATE
from lifeboat.fly.provider.certificate_facts import certificate_facts
from lifeboat.fly.provider.claims import Ground
from lifeboat.fly.provider.handler import DeclaredHandler
from lifeboat.fly.provider.ids import join_id, split_id
from lifeboat.fly.provider.judging import judged
from lifeboat.fly.provider.looking import found, found_or_gone
from lifeboat.fly.provider.registry import ResourceKind
from lifeboat.fly.rules.names import app_name_problem
from lifeboat.providerkit.failures import PartlyMade, PropertyFailure, reason_of
from lifeboat.providerkit.requests import (
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    Found,
    Made,
    ReadRequest,
    Subject,
    UpdateRequest,
)
from lifeboat.providerkit.values import Properties

_ID_FORM = "app/hostname"
_ACTIVE_WITHIN_S = 600.0
_OWN = ("fullchain", "privateKey")


class CertificateHandler(DeclaredHandler):
    """Handles `fly:index:Certificate`; the id is `app/hostname`."""

    declaration: ClassVar = CERTIFICATE
    volatile: ClassVar = frozenset({"status", "configured"})

    def problems(self, request: CheckRequest, inputs: Properties) -> tuple[PropertyFailure, ...]:
        """Judge names and the own certificate, and find two resources for the same host name."""
        failures = judged(inputs, app=app_name_problem, hostname=hostname_problem)
        failures += own_certificate_problems(inputs)
        return failures or self.unique(request, inputs, "app", "hostname")

    def create(self, request: CreateRequest) -> Made:
        """Adopt the host name, or add it; then wait if that is wanted.

        Raises:
            PartlyMade: it is there and not active in time.
        """
        inputs, subject = request.inputs, request.subject
        client = self.access.client(subject.clock)
        app, hostname = inputs["app"], inputs["hostname"]
        resource_id = join_id(app, hostname)
        there = found(lambda: client.certificates.get(app, hostname))
        detail = _ask(client, inputs)
        self.claim(subject, resource_id, Ground.ADOPTED if there else Ground.MADE)
        try:
            detail = _wait(client, subject, inputs, detail)
        except LifeboatError as error:
            unfinished = {name: value for name, value in inputs.items() if name != "wait"}
            raise PartlyMade(
                resource_id=resource_id,
                outputs={**self.echo(unfinished), **certificate_facts(detail)},
                inputs=unfinished,
                reasons=(reason_of(error),),
            ) from error
        return Made(resource_id=resource_id, outputs={**self.echo(inputs), **certificate_facts(detail)})

    def read(self, request: ReadRequest) -> Found | None:
        """Look twice before saying that it is gone; an own certificate that is gone is imported again."""
        clock = request.subject.clock
        client = self.access.client(clock)
        app, hostname = split_id(request.resource_id, _ID_FORM)
        detail = found_or_gone(lambda: client.certificates.get(app, hostname), clock, self.access.recheck_s)
        if detail is None:
            return None
        known = request.old_inputs if _has_own(detail) else _without_own(request.old_inputs)
        inputs = {"wait": False, **known, "app": app, "hostname": hostname}
        return Found(
            resource_id=request.resource_id,
            outputs={**self.echo(inputs), **certificate_facts(detail)},
            inputs=inputs,
        )

    def update(self, request: UpdateRequest) -> Properties:
        """Import another own certificate, or go back to Fly's; then wait if that is wanted."""
        client, inputs, old = self.access.client(request.subject.clock), request.inputs, request.old_inputs
        changed = any(inputs.get(name) != old.get(name) for name in _OWN)
        if changed or inputs == old:
            detail = _ask(client, inputs)
        else:
            detail = client.certificates.get(inputs["app"], inputs["hostname"])
        if changed and not inputs.get("fullchain"):
            client.certificates.delete_custom(inputs["app"], inputs["hostname"])
        detail = _wait(client, request.subject, inputs, detail)
        return {**self.echo(inputs), **certificate_facts(detail)}

    def delete(self, request: DeleteRequest) -> None:
        """Remove the host name; gone already is fine."""
        if self.outlives(request):
            return
        app, hostname = split_id(request.resource_id, _ID_FORM)
        self.access.client(request.subject.clock).certificates.delete(app, hostname)


def _ask(client: FlyClient, inputs: Properties) -> CertificateDetail:
    app, hostname, fullchain = inputs["app"], inputs["hostname"], inputs.get("fullchain")
    if not fullchain:
        return client.certificates.request_acme(app, hostname)
    key = Secret(inputs["privateKey"])
    return client.certificates.import_custom(app, hostname, fullchain=fullchain, private_key=key)


def _wait(
    client: FlyClient, subject: Subject, inputs: Properties, detail: CertificateDetail
) -> CertificateDetail:
    if not inputs.get("wait"):
        return detail
    limit_s = subject.timeout_s or _ACTIVE_WITHIN_S
    return client.certificates.wait_active(inputs["app"], inputs["hostname"], deadline_s=limit_s)


def _has_own(detail: CertificateDetail) -> bool:
    return any(one.source == "custom" for one in detail.certificates)


def _without_own(inputs: Properties) -> Properties:
    return {name: value for name, value in inputs.items() if name not in _OWN}


KIND = ResourceKind(declaration=CERTIFICATE, make=CertificateHandler)
