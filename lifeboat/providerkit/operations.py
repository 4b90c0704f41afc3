"""One method per remote procedure: an engine message in, an answer out, on an ordinary thread.

Here the rules that hold for every provider are kept: the guard comes first, an unknown never reaches a
handler that acts, a preview never reaches a handler that acts, and secret marks go back on whatever echoes
a secret.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from google.protobuf import empty_pb2

from lifeboat.core.clock import Clock
from lifeboat.core.errors import Refused
from lifeboat.providerkit import answers, codec, marks
from lifeboat.providerkit.failures import PartlyMade, PropertyFailure, ResourceMissing
from lifeboat.providerkit.handler import ResourceHandler
from lifeboat.providerkit.messages import autonaming_of, check_request, diff_request, settings_of
from lifeboat.providerkit.paths import Path, format_path, parse_path
from lifeboat.providerkit.protos import Message, provider_pb2
from lifeboat.providerkit.provider import Provider
from lifeboat.providerkit.requests import (
    Checked,
    ConfigureRequest,
    CreateRequest,
    DeleteRequest,
    Found,
    InvokeRequest,
    ReadRequest,
    Subject,
    UpdateRequest,
)
from lifeboat.providerkit.urn import Urn, parse_urn
from lifeboat.providerkit.values import Properties

T = TypeVar("T")
Say = Callable[[str, str], None]
"""Shows a line (first argument) under a URN (second argument)."""


class Operations:
    """A provider, spoken to in the engine's messages."""

    def __init__(self, provider: Provider, clock: Clock, say: Say) -> None:
        self._provider = provider
        self._clock = clock
        self._say = say

    def check_config(self, message: Message) -> Message:
        """Validate the provider's settings."""
        secret = marks.secret_paths(codec.decode(message.news))
        try:
            request = check_request(message, self._subject(message), settings_of)
        except Refused as refused:
            # The engine shows a failure under the provider, but an error with its gRPC wrapping.
            failure = PropertyFailure(path="", reason=str(refused))
            return answers.checked(Checked(inputs={}, failures=(failure,)), secret)
        return answers.checked(self._provider.check_config(request), secret)

    def diff_config(self, message: Message) -> Message:
        """Compare the provider's settings."""
        return answers.difference(
            self._provider.diff_config(diff_request(message, self._subject(message), settings_of))
        )

    def configure(self, message: Message) -> Message:
        """Take the provider's settings."""
        settings = settings_of(codec.decode(message.args))
        _refuse_unknown(settings, "the provider's configuration")
        urn = self._guarded(message.urn) if message.urn else None
        self._provider.configure(ConfigureRequest(settings=settings, urn=urn))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            acceptResources=True,
            supportsPreview=True,
            supports_autonaming_configuration=True,
        )

    def invoke(self, message: Message) -> Message:
        """Call a function; answers nothing yet when a preview does not know the arguments."""
        marked = codec.decode(message.args)
        arguments = marks.strip(marked)
        if message.preview and marks.unknown_paths(arguments):
            return answers.returned({})
        _refuse_unknown(arguments, f"the call of {message.tok}")
        request = InvokeRequest(token=message.tok, arguments=arguments, log=lambda text: self._say(text, ""))
        result = self._provider.invoke(request)
        secret = [(key,) for key in result] if marks.secret_paths(marked) else []
        return answers.returned(marks.remark(result, secret))

    def check(self, message: Message) -> Message:
        """Validate and complete a resource's inputs."""
        subject = self._subject(message)
        request = check_request(message, subject, autonaming=autonaming_of(message))
        checked = self._handler(subject).check(request)
        return answers.checked(checked, marks.secret_paths(codec.decode(message.news)))

    def diff(self, message: Message) -> Message:
        """Compare a resource's inputs."""
        subject = self._subject(message)
        return answers.difference(self._handler(subject).diff(diff_request(message, subject)))

    def create(self, message: Message) -> Message:
        """Make an object, or say what a preview can say."""
        subject = self._subject(message)
        handler = self._handler(subject)
        marked = codec.decode(message.properties)
        request = CreateRequest(subject=subject, inputs=marks.strip(marked))
        secret = _secret_outputs(handler, marked)
        if message.preview:
            outputs = handler.preview_create(request)
            return provider_pb2.CreateResponse(properties=codec.encode(marks.remark(outputs, secret)))
        _refuse_unknown(request.inputs, f"the inputs of {subject.urn.name}")
        made = _keeping_marks(lambda: handler.create(request), secret)
        properties = codec.encode(marks.remark(made.outputs, secret))
        return provider_pb2.CreateResponse(id=made.resource_id, properties=properties)

    def read(self, message: Message) -> Message:
        """Look at an object; a refresh of a gone one answers an empty id, an import of one fails."""
        subject = self._subject(message)
        handler = self._handler(subject)
        marked_inputs, marked_outputs = codec.decode(message.inputs), codec.decode(message.properties)
        request = ReadRequest(
            subject=subject,
            resource_id=message.id,
            old_inputs=marks.strip(marked_inputs),
            old_outputs=marks.strip(marked_outputs),
            importing=not message.HasField("inputs"),
        )
        _refuse_unknown({**request.old_outputs, **request.old_inputs}, f"the state of {subject.urn.name}")
        found = handler.read(request)
        if found is None:
            return _gone(request)
        secret = _secret_outputs(handler, marked_inputs) | marks.secret_paths(marked_outputs)
        return _read_answer(found, secret, marks.secret_paths(marked_inputs))

    def update(self, message: Message) -> Message:
        """Change an object in place, or say what a preview can say."""
        subject = self._subject(message)
        handler = self._handler(subject)
        marked = codec.decode(message.news)
        request = UpdateRequest(
            subject=subject,
            resource_id=message.id,
            inputs=marks.strip(marked),
            old_inputs=marks.strip(codec.decode(message.old_inputs)),
            old_outputs=marks.strip(codec.decode(message.olds)),
            ignore_changes=tuple(parse_path(text) for text in message.ignoreChanges),
        )
        secret = _secret_outputs(handler, marked)
        if message.preview:
            outputs = handler.preview_update(request)
        else:
            _refuse_unknown(request.inputs, f"the inputs of {subject.urn.name}")
            outputs = _keeping_marks(lambda: handler.update(request), secret)
        return provider_pb2.UpdateResponse(properties=codec.encode(marks.remark(outputs, secret)))

    def delete(self, message: Message) -> Message:
        """Remove an object."""
        subject = self._subject(message)
        request = DeleteRequest(
            subject=subject,
            resource_id=message.id,
            old_inputs=marks.strip(codec.decode(message.old_inputs)),
            old_outputs=marks.strip(codec.decode(message.properties)),
        )
        _refuse_unknown({**request.old_inputs, **request.old_outputs}, f"the state of {subject.urn.name}")
        self._handler(subject).delete(request)
        return empty_pb2.Empty()

    def _subject(self, message: Message) -> Subject:
        urn = self._guarded(message.urn)
        return Subject(
            urn=urn,
            clock=self._clock,
            log=lambda text: self._say(text, urn.text),
            timeout_s=getattr(message, "timeout", 0.0),
        )

    def _guarded(self, text: str) -> Urn:
        urn = parse_urn(text)
        self._provider.guard(urn)
        return urn

    def _handler(self, subject: Subject) -> ResourceHandler:
        return self._provider.handler(subject.urn.type)


def _refuse_unknown(properties: Properties, subject: str) -> None:
    paths = marks.unknown_paths(properties)
    if paths:
        raise Refused(
            f"{subject} hold values that are not known yet: {', '.join(map(format_path, paths))}",
            hint="this is a bug of the engine or the program: only a preview may hold unknown values",
        )


def _secret_outputs(handler: ResourceHandler, marked_inputs: Properties) -> frozenset[Path]:
    return marks.secret_paths(marked_inputs) | {(key,) for key in handler.secret_outputs}


def _keeping_marks(work: Callable[[], T], secret: frozenset[Path]) -> T:
    try:
        return work()
    except PartlyMade as partly:
        raise PartlyMade(
            resource_id=partly.resource_id,
            outputs=marks.remark(partly.outputs, secret),
            inputs=marks.remark(partly.inputs, secret),
            reasons=partly.reasons,
        ) from partly


def _gone(request: ReadRequest) -> Message:
    if request.importing:
        raise ResourceMissing(
            f"{request.subject.urn.type} {request.resource_id!r} does not exist",
            hint="check the id, the region and the account",
        )
    return provider_pb2.ReadResponse(id="")


def _read_answer(found: Found, secret: frozenset[Path], secret_inputs: frozenset[Path]) -> Message:
    return provider_pb2.ReadResponse(
        id=found.resource_id,
        properties=codec.encode(marks.remark(found.outputs, secret)),
        inputs=codec.encode(marks.remark(found.inputs, secret_inputs)),
    )
