"""Engine messages as the kit's requests, where several procedures share the shape."""

from __future__ import annotations

import json
from collections.abc import Callable

from lifeboat.providerkit import codec, marks
from lifeboat.providerkit.paths import parse_path
from lifeboat.providerkit.protos import Message
from lifeboat.providerkit.requests import Autonaming, CheckRequest, DiffRequest, NameMode, Subject
from lifeboat.providerkit.values import Properties, Value

Reading = Callable[[Properties], Properties]
_MODES = (NameMode.PROPOSE, NameMode.ENFORCE, NameMode.DISABLE)
"""By the numbers of `CheckRequest.AutonamingOptions.Mode`."""


def check_request(
    message: Message,
    subject: Subject,
    reading: Reading = marks.strip,
    *,
    autonaming: Autonaming | None = None,
) -> CheckRequest:
    """Read a check of a resource, or of the provider when `reading` reads settings."""
    return CheckRequest(
        subject=subject,
        inputs=reading(codec.decode(message.news)),
        old_inputs=reading(codec.decode(message.olds)),
        random_seed=message.randomSeed,
        autonaming=autonaming,
    )


def diff_request(message: Message, subject: Subject, reading: Reading = marks.strip) -> DiffRequest:
    """Read a diff; an engine that sends no old inputs is given the old outputs instead."""
    outputs = codec.decode(message.olds)
    inputs = codec.decode(message.old_inputs) if message.HasField("old_inputs") else outputs
    return DiffRequest(
        subject=subject,
        resource_id=message.id,
        inputs=reading(codec.decode(message.news)),
        old_inputs=reading(inputs),
        old_outputs=reading(outputs),
        ignore_changes=tuple(parse_path(text) for text in message.ignoreChanges),
    )


def autonaming_of(message: Message) -> Autonaming | None:
    """Return what the engine proposes as a name, if it does."""
    if not message.HasField("autonaming"):
        return None
    options = message.autonaming
    return Autonaming(mode=_MODES[options.mode], proposed_name=options.proposed_name)


def settings_of(properties: Properties) -> Properties:
    """Return a provider's settings as values: on the wire, everything but texts is a JSON text."""
    return {key: _setting(value) for key, value in marks.strip(properties).items()}


def _setting(value: Value) -> Value:
    if not isinstance(value, str) or not (value.startswith(("{", "[")) or value in ("true", "false")):
        return value
    try:
        return codec.plain(json.loads(value))
    except json.JSONDecodeError:
        return value
