"""One declared resource type as a handler: the framework around the small functions of a type."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from lifeboat.providerkit.compare import compare
from lifeboat.providerkit.failures import PartlyMade, reason_of
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.requests import (
    ChangeKind,
    Checked,
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    Difference,
    DiffRequest,
    Found,
    Made,
    ReadRequest,
    Subject,
    UpdateRequest,
)
from lifeboat.providerkit.values import UNKNOWN, Properties
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.complete import DEFAULTS, TAGS, complete
from localcloud.provider_aws.created_notes import note_created
from localcloud.provider_aws.patterns import REGION, Patterns
from localcloud.provider_aws.remote import ObjectGone, remote_errors
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.settings import Settings
from localcloud.provider_aws.shape import Shape
from localcloud.provider_aws.state import align, describe, project
from localcloud.provider_aws.validate import validate

Place = Callable[[Subject, str], Cloud]
"""Gives the cloud as seen from a region, for a request."""

ALL_TAGS = "tagsAll"


class DeclaredHandler:
    """Fulfils `ResourceHandler` for a declared type."""

    def __init__(
        self, kind: ResourceType, shape: Shape, patterns: Patterns, settings: Settings, place: Place
    ) -> None:
        self._kind = kind
        self._shape = shape
        self._patterns = patterns
        self._settings = settings
        self._place = place

    @property
    def secret_outputs(self) -> frozenset[str]:
        """Outputs the SDK declares secret."""
        return self._shape.secret_outputs

    def check(self, request: CheckRequest) -> Checked:
        """Complete the inputs and validate them against the SDK's types and the type's own checks."""
        inputs, failures = complete(request, self._shape, self._patterns, self._settings, self._kind.name)
        failures += validate(self._shape, inputs)
        if not failures and self._kind.check:
            failures += tuple(self._kind.check(inputs))
        return Checked(inputs=inputs, failures=failures)

    def diff(self, request: DiffRequest) -> Difference:
        """Compare inputs; what the service filled in earlier counts as an old input."""
        old = {**self._filled_in(request.old_outputs), **request.old_inputs}
        changes = compare(old, request.inputs, self._patterns.rules(request.ignore_changes))
        return Difference(
            changes=changes,
            delete_before_replace=self._old_first(changes, request.old_inputs, request.inputs),
        )

    def preview_create(self, request: CreateRequest) -> Properties:
        """Return the inputs, and UNKNOWN for what only the service can tell."""
        outputs: Properties = dict.fromkeys(self._told_by_service(), UNKNOWN)
        return self._outputs({**outputs, **request.inputs})

    def create(self, request: CreateRequest) -> Made:
        """Make the object and complete it.

        Raises:
            PartlyMade: it exists, but completing or reading it failed.
        """
        cloud = self._cloud(request.subject, request.inputs)
        with self._errors(request.subject):
            resource_id = self._kind.create(cloud, request.inputs)
        note_created(request.subject.urn.text, resource_id)
        try:
            with self._errors(request.subject):
                if self._kind.finish:
                    self._kind.finish(cloud, resource_id, request.inputs)
            return Made(
                resource_id=resource_id,
                outputs=self._look(cloud, request.subject, resource_id, request.inputs),
            )
        except Exception as error:  # even a bug of ours must not lose an object that exists
            raise PartlyMade(
                resource_id=resource_id,
                outputs=self._outputs(request.inputs),
                inputs=request.inputs,
                reasons=(reason_of(error),),
            ) from error

    def read(self, request: ReadRequest) -> Found | None:
        """Look at the object; an import may spell its id in other ways, and `id@region` names a region."""
        resource_id, region = (
            _split_id(request.resource_id) if request.importing else (request.resource_id, "")
        )
        known = {**request.old_outputs, **request.old_inputs}
        cloud = self._cloud(request.subject, {REGION: region} if region else known)
        try:
            with self._errors(request.subject):
                if request.importing and self._kind.import_id:
                    resource_id = self._kind.import_id(cloud, resource_id)
                found = self._kind.read(cloud, resource_id)
        except ObjectGone:
            return None
        if found is None:
            return None
        return self._found(resource_id, self._place_of(found, cloud), request)

    def preview_update(self, request: UpdateRequest) -> Properties:
        """Return the old outputs under the new inputs, and UNKNOWN for what an update may change."""
        dropped = request.old_inputs.keys() - request.inputs.keys()
        kept = {key: value for key, value in request.old_outputs.items() if key not in dropped}
        volatile = dict.fromkeys(self._kind.volatile, UNKNOWN)
        filled_in = self._filled_in(request.old_outputs)
        return self._outputs({**filled_in, **kept, **volatile, **request.inputs})

    def update(self, request: UpdateRequest) -> Properties:
        """Change the object in place."""
        cloud = self._cloud(request.subject, request.inputs)
        changed = compare(request.old_inputs, request.inputs, self._patterns.rules(request.ignore_changes))
        names = frozenset(str(path[0]) for path in changed) or frozenset(request.inputs) - {DEFAULTS}
        change = Change(old=request.old_inputs, new=request.inputs, changed=names)
        with self._errors(request.subject):
            if self._kind.update:
                self._kind.update(cloud, request.resource_id, change)
        return self._look(cloud, request.subject, request.resource_id, request.inputs)

    def delete(self, request: DeleteRequest) -> None:
        """Remove the object; gone already is fine."""
        known = {**request.old_inputs, **request.old_outputs}
        cloud = self._cloud(request.subject, known)
        try:
            with self._errors(request.subject):
                self._kind.delete(cloud, request.resource_id, known)
        except ObjectGone:
            request.subject.log("gone already")

    def _cloud(self, subject: Subject, known: Properties) -> Cloud:
        return self._place(subject, str(known.get(REGION) or self._settings.region))

    def _errors(self, subject: Subject) -> AbstractContextManager[None]:
        return remote_errors(f"{self._kind.type} {subject.urn.name}", self._kind.gone)

    def _look(self, cloud: Cloud, subject: Subject, resource_id: str, inputs: Properties) -> Properties:
        with self._errors(subject):
            found = self._kind.read(cloud, resource_id)
        if found is None:
            raise ObjectGone(
                f"{self._kind.type} {subject.urn.name}: {resource_id} is not there after it was written"
            )
        return self._outputs(align(inputs, self._place_of(found, cloud), self._patterns))

    def _found(self, resource_id: str, found: Properties, request: ReadRequest) -> Found:
        known = request.old_inputs or self._top_defaults()
        aligned = align(known, found, self._patterns)
        if request.importing:
            inputs = {**known, **describe(aligned, self._shape, self._patterns)}
        else:
            inputs = project(aligned, request.old_inputs, self._shape, self._patterns)
        if DEFAULTS in request.old_inputs:
            inputs[DEFAULTS] = request.old_inputs[DEFAULTS]
        return Found(resource_id=resource_id, outputs=self._outputs(aligned), inputs=inputs)

    def _top_defaults(self) -> Properties:
        return {str(path[0]): value for path, value in self._patterns.defaults.items() if len(path) == 1}

    def _place_of(self, found: Properties, cloud: Cloud) -> Properties:
        return {**found, REGION: cloud.region} if REGION in self._shape.outputs else found

    def _outputs(self, properties: Properties) -> Properties:
        outputs = {
            key: value
            for key, value in properties.items()
            if key in self._shape.outputs and key not in self._kind.hidden
        }
        if ALL_TAGS in self._shape.outputs:
            outputs[ALL_TAGS] = properties.get(TAGS) or {}
        return outputs

    def _told_by_service(self) -> set[str]:
        computed = self._shape.outputs - self._shape.inputs.keys()
        return set(computed) | {str(path[0]) for path in self._patterns.sticky if len(path) == 1}

    def _filled_in(self, outputs: Properties) -> Properties:
        return {
            str(path[0]): outputs[str(path[0])]
            for path in self._patterns.sticky
            if len(path) == 1 and path[0] in outputs
        }

    def _old_first(self, changes: dict[Path, ChangeKind], old: Properties, new: Properties) -> bool:
        if not any(kind.replaces for kind in changes.values()):
            return False
        name = self._kind.name
        # A name the program insists on cannot belong to the old and the new object at once.
        fixed = (
            name is not None
            and name.key not in new.get(DEFAULTS, ())
            and old.get(name.key) == new.get(name.key)
        )
        return self._kind.delete_before_replace or fixed


def _split_id(text: str) -> tuple[str, str]:
    name, separator, region = text.rpartition("@")
    return (name, region) if separator and region.count("-") >= 2 else (text, "")  # noqa: PLR2004  # eu-west-1
