"""Apps: adopted or created, replaced by every change, deleted only when nothing foreign is lost with them."""

from __future__ import annotations

import grpc
import pytest

from localcloud.fly.faults.board import FaultKind
from tests.fly_provider.world import FlyWorld

APP = {"name": "shop-web", "org": "lifeboat"}


def test_an_app_is_made_and_its_outputs_say_where_it_answers(world: FlyWorld) -> None:
    resource_id, _, outputs = world.make("App", **APP)
    assert resource_id == "shop-web"
    assert outputs["hostname"] == "shop-web.fly.dev"
    assert outputs["appId"] == world.app("shop-web").id


def test_a_preview_makes_nothing_and_knows_only_what_was_said(world: FlyWorld) -> None:
    resource = world.resource("App")
    _, outputs = resource.create(resource.check(APP), preview=True)
    assert outputs["name"] == "shop-web"
    assert "unknown" in repr(outputs["appId"]).lower()
    assert not world.transport.requests


def test_an_app_of_the_same_organisation_is_adopted(world: FlyWorld) -> None:
    world.make_app("shop-web")
    before = world.app("shop-web").id
    _, _, outputs = world.make("App", **APP)
    assert outputs["appId"] == before


def test_an_app_of_another_organisation_is_never_taken_over(world: FlyWorld) -> None:
    world.make_app("shop-web", org="personal")
    resource = world.resource("App")
    with pytest.raises(grpc.RpcError, match="belongs to another organisation"):
        resource.create(resource.check(APP))


def test_an_app_in_another_network_is_refused(world: FlyWorld) -> None:
    world.make_app("shop-web")
    resource = world.resource("App")
    with pytest.raises(grpc.RpcError, match="network"):
        resource.create(resource.check({**APP, "network": "previews"}))


def test_a_create_whose_answer_is_lost_ends_with_one_app(world: FlyWorld) -> None:
    world.fault(FaultKind.TIMEOUT_AFTER_WRITE, action="Apps_create", times=1, delay_s=0)
    resource_id, _, _ = world.make("App", **APP)
    assert resource_id == "shop-web"
    assert list(world.emulator.world.apps) == ["shop-web"]


@pytest.mark.parametrize("changed", [{"name": "other"}, {"org": "personal"}, {"network": "previews"}])
def test_every_change_replaces_the_app(world: FlyWorld, changed: dict[str, str]) -> None:
    resource_id, inputs, outputs = world.make("App", **APP)
    answer = world.resource("App").diff(resource_id, inputs, outputs, {**inputs, **changed})
    assert list(answer.replaces) == list(changed)
    assert answer.deleteBeforeReplace == ("name" not in changed)


def test_names_are_judged_before_any_call(world: FlyWorld) -> None:
    failures = world.resource("App").failures({"name": "Shop_Web", "org": "lifeboat", "regoin": "sjc"})
    assert failures == {"regoin": "no such property"}
    failures = world.resource("App").failures({"name": "Shop_Web", "org": "lifeboat"})
    assert "dashes" in failures["name"]
    assert not world.transport.requests


def test_a_second_resource_for_the_same_app_is_found(world: FlyWorld) -> None:
    world.resource("App").check(APP)
    failures = world.resource("App", "two").failures(APP)
    assert "one already declares" in failures["name"]


def test_a_refresh_shows_no_drift_and_an_import_the_same_inputs(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("App", **APP)
    assert world.resource("App").refresh(resource_id, inputs, outputs) == (resource_id, inputs, outputs)
    world.new_process()
    _, imported, _ = world.resource("App").import_("shop-web")
    assert imported == inputs


def test_an_app_counts_as_gone_only_after_two_looks(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("App", **APP)
    world.http.delete("/v1/apps/shop-web").raise_for_status()
    world.clock.sleep(5)
    world.transport.requests.clear()
    assert world.resource("App").refresh(resource_id, inputs, outputs)[0] == ""
    assert world.calls("GET") == 2


def test_an_import_of_what_does_not_exist_fails(world: FlyWorld) -> None:
    with pytest.raises(grpc.RpcError) as error:
        world.resource("App").import_("nothing-here")
    assert error.value.code() is grpc.StatusCode.NOT_FOUND


def test_deleting_twice_is_fine(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("App", **APP)
    world.resource("App").delete(resource_id, inputs, outputs)
    assert "shop-web" not in world.emulator.world.apps
    world.resource("App").delete(resource_id, inputs, outputs)


def test_an_app_with_a_machine_that_no_program_made_is_not_deleted(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("App", **APP)
    body = {"region": "sjc", "config": {"image": "registry.fly.io/demo:1"}}
    machine = world.http.post("/v1/apps/shop-web/machines", json=body).raise_for_status().json()
    with pytest.raises(grpc.RpcError, match=machine["id"]):
        world.resource("App").delete(resource_id, inputs, outputs)
    assert "shop-web" in world.emulator.world.apps


def test_an_app_goes_with_the_machines_of_its_own_stack(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("App", **APP)
    mark = {"lifeboat_urn": "urn:pulumi:local::lifeboat::fly:index:Machine::web"}
    body = {"region": "sjc", "config": {"image": "registry.fly.io/demo:1", "metadata": mark}}
    world.http.post("/v1/apps/shop-web/machines", json=body).raise_for_status()
    world.resource("App").delete(resource_id, inputs, outputs)
    assert "shop-web" not in world.emulator.world.apps


def test_an_app_with_a_volume_is_not_deleted(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("App", **APP)
    body = {"name": "data", "region": "sjc", "size_gb": 1}
    volume = world.http.post("/v1/apps/shop-web/volumes", json=body).raise_for_status().json()
    with pytest.raises(grpc.RpcError, match=volume["id"]):
        world.resource("App").delete(resource_id, inputs, outputs)


def test_an_empty_list_of_machines_does_not_let_an_app_be_deleted(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("App", **APP)
    body = {"region": "sjc", "config": {"image": "registry.fly.io/demo:1"}}
    world.http.post("/v1/apps/shop-web/machines", json=body).raise_for_status()
    world.fault(FaultKind.EMPTY_LIST)
    with pytest.raises(grpc.RpcError):
        world.resource("App").delete(resource_id, inputs, outputs)
    assert "shop-web" in world.emulator.world.apps


def test_an_app_that_was_renamed_in_the_program_survives_the_deletion_of_its_old_name(
    world: FlyWorld,
) -> None:
    resource_id, inputs, outputs = world.make("App", "old", **APP)
    world.new_process()
    world.make("App", "new", **APP)
    world.resource("App", "old").delete(resource_id, inputs, outputs)
    assert "shop-web" in world.emulator.world.apps
