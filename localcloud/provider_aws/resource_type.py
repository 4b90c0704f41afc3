"""How a resource type is declared: everything the stand-in needs to know about one type, as one value.

Patterns name properties: `bucket`, `rules[*].id`; see `lifeboat.providerkit.paths`. Property values are
plain Python, keys as on the wire (camelCase). The framework validates, completes, compares, previews and
tags; the functions here only speak to the service, one call each where possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.tags import apply_tags

Create = Callable[[Cloud, Properties], str]
"""Makes the object from complete inputs with one call and returns its id."""

Finish = Callable[[Cloud, str, Properties], None]
"""Completes a new object (waits, tags, sub-settings); a failure keeps the object as partly made."""

Read = Callable[[Cloud, str], Properties | None]
"""Returns inputs and outputs of an object as the service tells them; None when it is gone."""

Delete = Callable[[Cloud, str, Properties], None]
"""Removes an object, given its last outputs (inputs the service does not keep included)."""

Check = Callable[[Properties], Iterable[PropertyFailure]]
"""Finds what the SDK types cannot express; values may be UNKNOWN."""

Same = Callable[[object, object], bool]
"""Tells whether two different values of a property mean the same."""

ImportId = Callable[[Cloud, str], str]
"""Turns what an operator may write for an import into the id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An update in place: old and new inputs, and the top-level properties that differ.

    After an interrupted create nothing differs; then every input counts as changed, so that the update
    completes it.
    """

    old: Properties
    new: Properties
    changed: frozenset[str]

    def has(self, *names: str) -> bool:
        """Tell whether one of these properties changed."""
        return not self.changed.isdisjoint(names)

    def retag(
        self, *, remove: Callable[[list[str]], object], add: Callable[[dict[str, str]], object]
    ) -> None:
        """Bring the object's tags from the old to the new ones, if they changed."""
        if self.has("tags"):
            apply_tags(self.old.get("tags"), self.new.get("tags"), remove=remove, add=add)


Update = Callable[[Cloud, str, Change], None]
"""Changes an object in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """One resource type.

    Args:
        type: the type token, such as `aws:s3/bucket:Bucket`; the file's name follows from it.
        service: the boto3 client the functions get from `cloud.client()`.
        create, read, delete: see their types. An error whose code is in `gone` means "no such object" in all
            but create.
        update: None when every change needs a new object.
        finish: what follows the creating call.
        gone: error codes that mean the object does not exist.
        force_new: patterns whose change needs a new object.
        defaults: by pattern, what the genuine provider assumes when the program is silent.
        sticky: patterns the service fills in when the program is silent (computed and optional in the genuine
            provider): leaving them out is no change, and their value is an output.
        unordered: patterns of lists that are sets.
        json: patterns of texts that hold JSON; equal meaning is no change, and an object may be given.
        same: by pattern, when two values mean the same, such as a key's id and its ARN.
        write_only: by pattern, why the service does not show the value reliably; it is carried over from
            the inputs, and drift is not seen there.
        hidden: top-level properties that must never be in outputs, such as `passwordWo`.
        volatile: outputs that an update may change, unknown in its preview.
        name: how a name is made when the program gives none.
        check: further checks.
        import_id: other spellings of the id for an import.
        delete_before_replace: the old object must go first, because both cannot exist at once.
    """

    type: str
    service: str
    create: Create
    read: Read
    delete: Delete
    update: Update | None = None
    finish: Finish | None = None
    gone: frozenset[str] = frozenset()
    force_new: tuple[str, ...] = ()
    defaults: Mapping[str, Value] = field(default_factory=dict)
    sticky: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    json: tuple[str, ...] = ()
    same: Mapping[str, Same] = field(default_factory=dict)
    write_only: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    volatile: tuple[str, ...] = ()
    name: Autoname | None = None
    check: Check | None = None
    import_id: ImportId | None = None
    delete_before_replace: bool = False
