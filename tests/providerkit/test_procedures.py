"""Every procedure of the protocol over gRPC: what the kit guarantees around any provider."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2

from lifeboat.core.clock import SystemClock
from lifeboat.providerkit import codec
from lifeboat.providerkit.failures import InvalidProperties, PartlyMade, PropertyFailure
from lifeboat.providerkit.protos import errors_pb2, plugin_pb2, provider_pb2, status_pb2
from lifeboat.providerkit.requests import NameMode
from lifeboat.providerkit.values import UNKNOWN, SecretValue
from tests.providerkit.memory_provider import THING, MemoryProvider, a_failure
from tests.providerkit.running_provider import SEED, EngineResource, RunningProvider, configure


def _details(error: grpc.RpcError, kind: Any) -> Any:
    packed = dict(error.trailing_metadata())["grpc-status-details-bin"]
    detail = kind()
    assert status_pb2.Status.FromString(packed).details[0].Unpack(detail)
    return detail


def test_the_handshake_agrees_on_secrets_and_names(running: RunningProvider) -> None:
    answer = running.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
    assert answer.accept_secrets
    assert answer.accept_resources
    assert answer.supports_autonaming_configuration
    assert not answer.accept_outputs
    assert running.stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1")) == empty_pb2.Empty()
    assert running.stub.GetPluginInfo(empty_pb2.Empty()).version == "1.2.3"
    assert running.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema == '{"name": "memory"}'


def test_what_is_not_offered_says_so(running: RunningProvider) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        running.stub.Construct(provider_pb2.ConstructRequest())
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_settings_arrive_as_values(running: RunningProvider, provider: MemoryProvider) -> None:
    configure(running.stub, where="here", tags='{"a": 1}', on="true", odd="{not json")
    assert provider.configured[0].settings == {
        "where": "here",
        "tags": {"a": 1},
        "on": True,
        "odd": "{not json",
    }


def test_another_place_is_another_provider(running: RunningProvider) -> None:
    answer = running.stub.DiffConfig(
        provider_pb2.DiffRequest(
            urn="urn:pulumi:local::p::pulumi:providers:memory::m",
            old_inputs=codec.encode({"where": "a"}),
            news=codec.encode({"where": "b"}),
        )
    )
    assert list(answer.replaces) == ["where"]


def test_check_keeps_marks_and_hands_over_seed_and_proposed_name(
    running: RunningProvider, thing: EngineResource, provider: MemoryProvider
) -> None:
    assert thing.check({"a": {"b": SecretValue("s")}, "n": 2}) == {"a": {"b": SecretValue("s")}, "n": 2}
    seen = provider.things.checks[0]
    assert (seen.inputs, seen.random_seed) == ({"a": {"b": "s"}, "n": 2}, SEED)
    options = provider_pb2.CheckRequest.AutonamingOptions(proposed_name="x", mode=1)
    running.stub.Check(provider_pb2.CheckRequest(urn=thing.urn, autonaming=options))
    naming = provider.things.checks[1].autonaming
    assert naming is not None
    assert (naming.mode, naming.proposed_name) == (NameMode.ENFORCE, "x")


def test_check_failures_carry_their_path(thing: EngineResource) -> None:
    assert thing.failures({"bad": 1}) == {"bad[0].part": "never"}


def test_a_diff_is_detailed_and_sees_old_inputs_not_old_outputs(thing: EngineResource) -> None:
    outputs = {"a": {"x": "computed"}, "kind": "k"}
    answer = thing.diff("i", {"a": {"x": 1, "y": 1}, "kind": "k"}, outputs, {"a": {"x": 2}, "kind": "l"})
    kinds = {
        path: provider_pb2.PropertyDiff.Kind.Name(entry.kind) for path, entry in answer.detailedDiff.items()
    }
    assert kinds == {"a.x": "UPDATE", "a.y": "DELETE", "kind": "UPDATE_REPLACE"}
    assert sorted(answer.diffs) == ["a", "kind"]
    assert list(answer.replaces) == ["kind"]
    assert answer.deleteBeforeReplace
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME


def test_no_change_is_said_to_be_none(thing: EngineResource) -> None:
    answer = thing.diff("i", {"a": 1}, {}, {"a": SecretValue(1)})
    assert (answer.changes, answer.hasDetailedDiff) == (provider_pb2.DiffResponse.DIFF_NONE, True)
    assert not thing.diff("i", {"a": {"b": 1}}, {}, {"a": {"b": 2}}, ignore=("a.b",)).diffs


def test_a_preview_acts_on_nothing(thing: EngineResource, provider: MemoryProvider) -> None:
    resource_id, outputs = thing.create({"a": UNKNOWN, "b": SecretValue("s")}, preview=True)
    assert (resource_id, outputs) == (
        "",
        {"a": UNKNOWN, "b": SecretValue("s"), "token": SecretValue(UNKNOWN)},
    )
    assert thing.update("one", {}, {"token": "t"}, {"a": UNKNOWN}, preview=True)["a"] is UNKNOWN
    assert provider.things.acts == []


def test_secrets_that_come_back_are_marked_again(thing: EngineResource) -> None:
    checked = {"env": {"PASSWORD": SecretValue("s"), "PORT": 1}}
    resource_id, outputs = thing.create(checked)
    assert outputs == {**checked, "token": SecretValue("token-of-one")}
    assert thing.update(resource_id, checked, outputs, checked) == outputs
    assert thing.refresh(resource_id, checked, outputs) == (resource_id, checked, outputs)


def test_an_acting_call_with_an_unknown_is_refused(
    running: RunningProvider, thing: EngineResource, provider: MemoryProvider
) -> None:
    hidden = {"a": [SecretValue({"b": UNKNOWN})]}
    calls: list[Callable[[], Any]] = [
        lambda: thing.create(hidden),
        lambda: thing.update("one", {}, {}, hidden),
        lambda: thing.delete("one", {}, hidden),
        lambda: thing.refresh("one", hidden, {}),
        lambda: running.stub.Invoke(provider_pb2.InvokeRequest(tok="f", args=codec.encode(hidden))),
    ]
    for call in calls:
        with pytest.raises(grpc.RpcError, match=r"not known yet: a\[0\]\.b") as refused:
            call()
        assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert provider.things.acts == []
    assert provider.invoked == []


def test_a_gone_object_ends_a_refresh_quietly_and_an_import_clearly(thing: EngineResource) -> None:
    assert thing.refresh("one", {"a": 1}, {"a": 1}) == ("", {}, {})
    assert thing.refresh("one", {}, {}) == ("", {}, {})
    with pytest.raises(grpc.RpcError, match="'one' does not exist") as refused:
        thing.import_("one")
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


def test_old_inputs_reach_update_and_delete(thing: EngineResource, provider: MemoryProvider) -> None:
    thing.update("one", {"old": 1}, {"out": 1}, {"new": 1})
    thing.delete("one", {"old": 2}, {"out": 2})
    update, delete = provider.things.acts
    assert (update.old_inputs, update.old_outputs, update.inputs) == ({"old": 1}, {"out": 1}, {"new": 1})
    assert (delete.old_inputs, delete.old_outputs) == ({"old": 2}, {"out": 2})


def test_our_errors_arrive_as_their_message_and_hint(thing: EngineResource, provider: MemoryProvider) -> None:
    provider.things.fail = a_failure()
    with pytest.raises(grpc.RpcError) as refused:
        thing.create({})
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert refused.value.details() == "the thing said no\n\nhint: ask again"


def test_a_bug_says_its_type_and_shows_no_stack(
    thing: EngineResource, provider: MemoryProvider, capfd: pytest.CaptureFixture[str]
) -> None:
    provider.things.fail = ZeroDivisionError("oops")
    with pytest.raises(grpc.RpcError) as refused:
        thing.create({})
    assert refused.value.code() is grpc.StatusCode.INTERNAL
    assert refused.value.details() == "a bug in the provider: ZeroDivisionError: oops"
    assert "Traceback" in capfd.readouterr().err


def test_a_partly_made_object_is_kept_with_its_marks(thing: EngineResource, provider: MemoryProvider) -> None:
    provider.things.fail = PartlyMade(
        resource_id="half", outputs={"a": "s", "token": "t"}, inputs={"a": "s"}, reasons=["tags failed"]
    )
    with pytest.raises(grpc.RpcError) as refused:
        thing.create({"a": SecretValue("s")})
    kept = _details(refused.value, provider_pb2.ErrorResourceInitFailed)
    assert (kept.id, list(kept.reasons)) == ("half", ["tags failed"])
    assert codec.decode(kept.inputs) == {"a": SecretValue("s")}
    assert codec.decode(kept.properties) == {"a": SecretValue("s"), "token": SecretValue("t")}


def test_property_errors_of_an_acting_call_carry_their_paths(
    thing: EngineResource, provider: MemoryProvider
) -> None:
    failure = PropertyFailure.at(("a", 0), "too long")
    provider.things.fail = InvalidProperties("thing one", [failure])
    with pytest.raises(grpc.RpcError, match=r"thing one: a\[0\]: too long") as refused:
        thing.create({})
    errors = _details(refused.value, errors_pb2.InputPropertiesError).errors
    assert [(error.property_path, error.reason) for error in errors] == [("a[0]", "too long")]


def test_an_unknown_type_is_refused_clearly(running: RunningProvider) -> None:
    with pytest.raises(grpc.RpcError, match="no type memory:index:Other") as refused:
        EngineResource(running.stub, "memory:index:Other").check_response({})
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_the_guard_comes_before_everything(running: RunningProvider, provider: MemoryProvider) -> None:
    forbidden = EngineResource(running.stub, THING, stack="forbidden")
    calls: list[Callable[[], Any]] = [
        lambda: forbidden.check({}),
        lambda: forbidden.diff("i", {}, {}, {}),
        lambda: forbidden.create({}),
        lambda: forbidden.create({}, preview=True),
        lambda: forbidden.update("i", {}, {}, {}),
        lambda: forbidden.refresh("i", {}, {}),
        lambda: forbidden.delete("i", {}, {}),
        lambda: running.stub.Configure(provider_pb2.ConfigureRequest(urn=forbidden.urn)),
        lambda: running.stub.DiffConfig(provider_pb2.DiffRequest(urn=forbidden.urn)),
    ]
    for call in calls:
        with pytest.raises(grpc.RpcError, match="not for me"):
            call()
    assert (provider.things.acts, provider.things.checks, provider.configured) == ([], [], [])
    answer = running.stub.CheckConfig(provider_pb2.CheckRequest(urn=forbidden.urn))
    assert "not for me" in answer.failures[0].reason


def test_an_invoke_marks_what_came_from_a_secret(running: RunningProvider) -> None:
    request = provider_pb2.InvokeRequest(tok="f", args=codec.encode({"a": SecretValue("s"), "b": 1}))
    answer = running.stub.Invoke(request)
    assert codec.decode(getattr(answer, "return")) == {"a": SecretValue("s"), "b": SecretValue(1)}


def test_a_previewed_invoke_of_unknowns_knows_nothing(
    running: RunningProvider, provider: MemoryProvider
) -> None:
    request = provider_pb2.InvokeRequest(tok="f", args=codec.encode({"a": UNKNOWN}), preview=True)
    assert codec.decode(getattr(running.stub.Invoke(request), "return")) == {}
    assert provider.invoked == []


def test_resources_proceed_side_by_side(running: RunningProvider, provider: MemoryProvider) -> None:
    provider.things.together = threading.Barrier(8)
    names = [f"thing-{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda name: EngineResource(running.stub, THING, name).create({}), names))
    assert [resource_id for resource_id, _ in made] == names


def test_cancelling_ends_a_waiting_handler_at_once(
    running: RunningProvider, thing: EngineResource, provider: MemoryProvider
) -> None:
    provider.things.wait_s = 60.0
    clock = SystemClock()
    began_s = clock.monotonic_s()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(thing.create, {})
        while not provider.things.acts:
            clock.sleep(0.01)
        running.stub.Cancel(empty_pb2.Empty())
        error = waiting.exception(timeout=10)
    assert isinstance(error, grpc.RpcError)
    assert error.code() is grpc.StatusCode.CANCELLED
    assert clock.monotonic_s() - began_s < 10
