"""App secrets: one batch, digests in the state, values only at Fly, and rotations shown by a preview."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.fly_provider.secrets_manager import KEYS, moto_at_a_port, secrets_manager
from tests.fly_provider.world import FlyWorld
from tests.providerkit.running_provider import EngineResource

HOME, OTHER = "us-west-1", "us-east-2"
CLOSED = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with moto_at_a_port() as url, pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name.upper(), value)
        yield url


@pytest.fixture
def world(tmp_path: Path, moto: str) -> Iterator[FlyWorld]:
    made = FlyWorld(tmp_path / "fly", {"AWS_ENDPOINT_URL": moto})
    made.make_app("web")
    yield made
    made.close()


class Keeper:
    """Secrets of one test in moto."""

    def __init__(self, url: str, prefix: str) -> None:
        self._url, self._prefix = url, prefix

    def source(self, name: str, *regions: str, **more: str) -> dict[str, Any]:
        """Return a source's declaration."""
        return {"secret": f"{self._prefix}/{name}", "regions": list(regions or (HOME, OTHER)), **more}

    def keep(self, name: str, value: str | None, region: str = HOME) -> str:
        """Create a secret, with a value or still without; return the version id."""
        given = {} if value is None else {"SecretString": value}
        made = secrets_manager(self._url, region).create_secret(Name=f"{self._prefix}/{name}", **given)
        return str(made.get("VersionId", ""))

    def rotate(self, name: str, value: str, region: str = HOME) -> str:
        """Put another value; return the version id."""
        client = secrets_manager(self._url, region)
        put = client.put_secret_value(SecretId=f"{self._prefix}/{name}", SecretString=value)
        return str(put["VersionId"])

    def drop(self, name: str, region: str = HOME) -> None:
        """Delete a secret at once."""
        secrets_manager(self._url, region).delete_secret(
            SecretId=f"{self._prefix}/{name}", ForceDeleteWithoutRecovery=True
        )


@pytest.fixture
def keeper(moto: str, request: pytest.FixtureRequest) -> Keeper:
    return Keeper(moto, request.node.name)


def _values(world: FlyWorld) -> dict[str, str]:
    return {name: secret.value for name, secret in world.app("web").secrets.items()}


def _resource(world: FlyWorld) -> EngineResource:
    return world.resource("AppSecrets")


def test_values_of_both_kinds_reach_fly_in_one_batch(world: FlyWorld, keeper: Keeper) -> None:
    version_id = keeper.keep("jwt", "s3cret")
    world.transport.requests.clear()
    resource_id, _, outputs = world.make(
        "AppSecrets", app="web", sources={"JWT": keeper.source("jwt")}, values={"SMTP": "mail-pw"}
    )
    assert resource_id == "web"
    assert _values(world) == {"JWT": "s3cret", "SMTP": "mail-pw"}
    assert world.calls("POST") == 1
    assert outputs["version"] == world.app("web").secrets_version
    assert outputs["sourceVersions"] == {"JWT": version_id}
    assert outputs["digests"] == {name: one.digest for name, one in world.app("web").secrets.items()}
    assert outputs["missing"] == []


def test_no_value_is_in_any_output(world: FlyWorld, keeper: Keeper) -> None:
    keeper.keep("jwt", "s3cret")
    _, _, outputs = world.make(
        "AppSecrets", app="web", sources={"JWT": keeper.source("jwt")}, values={"SMTP": "mail-pw"}
    )
    assert "s3cret" not in repr(outputs)
    assert "mail-pw" not in repr(outputs)
    assert "values" not in outputs


def test_a_template_is_a_url_around_the_encoded_value(world: FlyWorld, keeper: Keeper) -> None:
    keeper.keep("db", "p@ss/word?")
    source = keeper.source("db", template="postgresql://app:{value}@db:5432/app")
    world.make("AppSecrets", app="web", sources={"DATABASE_URL": source})
    assert _values(world) == {"DATABASE_URL": "postgresql://app:p%40ss%2Fword%3F@db:5432/app"}


def test_a_rotation_is_a_difference_and_the_update_sends_that_secret_alone(
    world: FlyWorld, keeper: Keeper
) -> None:
    keeper.keep("jwt", "one")
    keeper.keep("api", "same")
    sources = {"JWT": keeper.source("jwt"), "API": keeper.source("api")}
    resource_id, inputs, outputs = world.make("AppSecrets", app="web", sources=sources)
    assert not _resource(world).diff(resource_id, inputs, outputs, inputs).diffs
    version_id = keeper.rotate("jwt", "two")
    answer = _resource(world).diff(resource_id, inputs, outputs, inputs)
    assert list(answer.detailedDiff) == ["sourceVersions.JWT"]
    assert not answer.replaces
    preview = _resource(world).update(resource_id, inputs, outputs, inputs, preview=True)
    assert "unknown" in repr(preview["version"]).lower()
    before = world.app("web").secrets["API"].version
    new = _resource(world).update(resource_id, inputs, outputs, inputs)
    assert _values(world) == {"JWT": "two", "API": "same"}
    assert world.app("web").secrets["API"].version == before
    assert new["sourceVersions"]["JWT"] == version_id
    assert new["version"] > outputs["version"]
    assert not _resource(world).diff(resource_id, inputs, new, inputs).diffs


def test_a_source_without_a_value_is_missing_and_the_next_run_heals_it(
    world: FlyWorld, keeper: Keeper
) -> None:
    keeper.keep("jwt", None)
    resource_id, inputs, outputs = world.make("AppSecrets", app="web", sources={"JWT": keeper.source("jwt")})
    assert (outputs["missing"], outputs["version"], _values(world)) == (["JWT"], 0, {})
    assert not _resource(world).diff(resource_id, inputs, outputs, inputs).diffs
    keeper.rotate("jwt", "now")
    assert list(_resource(world).diff(resource_id, inputs, outputs, inputs).diffs) == ["sourceVersions"]
    new = _resource(world).update(resource_id, inputs, outputs, inputs)
    assert (new["missing"], _values(world)) == ([], {"JWT": "now"})


def test_a_source_that_vanishes_leaves_what_fly_has(world: FlyWorld, keeper: Keeper) -> None:
    keeper.keep("jwt", "one")
    resource_id, inputs, outputs = world.make("AppSecrets", app="web", sources={"JWT": keeper.source("jwt")})
    keeper.drop("jwt")
    assert not _resource(world).diff(resource_id, inputs, outputs, inputs).diffs
    new = _resource(world).update(resource_id, inputs, outputs, inputs)
    assert (new["missing"], _values(world)) == (["JWT"], {"JWT": "one"})
    assert new["sourceVersions"] == outputs["sourceVersions"]


def test_a_replica_answers_where_the_home_region_has_nothing(world: FlyWorld, keeper: Keeper) -> None:
    keeper.keep("jwt", "copy", OTHER)
    world.make("AppSecrets", app="web", sources={"JWT": keeper.source("jwt")})
    assert _values(world) == {"JWT": "copy"}


def test_without_any_answer_nothing_is_sent_and_the_error_names_the_secret(tmp_path: Path, moto: str) -> None:
    world = FlyWorld(tmp_path / "unreachable", {"AWS_ENDPOINT_URL": CLOSED})
    try:
        world.make_app("web")
        sources = {"JWT": {"secret": "prod/jwt", "regions": [HOME]}}
        inputs = _resource(world).check({"app": "web", "sources": sources, "values": {"SMTP": "mail-pw"}})
        with pytest.raises(grpc.RpcError, match="secret prod/jwt: no answer from us-west-1") as error:
            _resource(world).create(inputs)
        assert "mail-pw" not in str(error.value)
        assert _values(world) == {}
    finally:
        world.close()


def test_a_secret_set_by_others_is_never_touched(world: FlyWorld) -> None:
    world.http.post("/v1/apps/web/secrets", json={"values": {"FOREIGN": "theirs"}}).raise_for_status()
    resource_id, inputs, outputs = world.make("AppSecrets", app="web", values={"SMTP": "mine"})
    assert outputs["digests"].keys() == {"SMTP"}
    _resource(world).delete(resource_id, inputs, outputs)
    assert _values(world) == {"FOREIGN": "theirs"}
    _resource(world).delete(resource_id, inputs, outputs)


def test_a_name_that_is_no_longer_declared_is_removed(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("AppSecrets", app="web", values={"ONE": "1", "TWO": "2"})
    new_inputs = _resource(world).check({"app": "web", "values": {"TWO": "2", "THREE": "3"}}, inputs)
    new = _resource(world).update(resource_id, inputs, outputs, new_inputs)
    assert _values(world) == {"TWO": "2", "THREE": "3"}
    assert new["digests"].keys() == {"TWO", "THREE"}


def test_an_update_without_a_difference_sends_nothing(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("AppSecrets", app="web", values={"ONE": "1"})
    assert _resource(world).update(resource_id, inputs, outputs, inputs) == outputs


def test_what_somebody_changed_on_fly_is_found_by_its_digest_and_sent_again(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("AppSecrets", app="web", values={"ONE": "1", "TWO": "2"})
    assert _resource(world).refresh(resource_id, inputs, outputs) == (resource_id, inputs, outputs)
    world.http.post("/v1/apps/web/secrets", json={"values": {"ONE": "other"}}).raise_for_status()
    _, refreshed, seen = _resource(world).refresh(resource_id, inputs, outputs)
    answer = _resource(world).diff(resource_id, refreshed, seen, inputs)
    assert list(answer.detailedDiff) == ["values.ONE"]
    _resource(world).update(resource_id, refreshed, seen, inputs)
    assert _values(world) == {"ONE": "1", "TWO": "2"}


def test_an_import_knows_digests_and_no_values(world: FlyWorld) -> None:
    world.http.post("/v1/apps/web/secrets", json={"values": {"ONE": "uno"}}).raise_for_status()
    _, inputs, outputs = _resource(world).import_("web")
    assert inputs == {"app": "web"}
    assert outputs["digests"] == {"ONE": world.app("web").secrets["ONE"].digest}
    assert "uno" not in repr(outputs)


def test_the_secrets_of_an_app_that_is_gone_are_gone(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("AppSecrets", app="web", values={"ONE": "1"})
    world.http.delete("/v1/apps/web").raise_for_status()
    world.clock.sleep(5)
    assert _resource(world).refresh(resource_id, inputs, outputs)[0] == ""
    _resource(world).delete(resource_id, inputs, outputs)


@pytest.mark.parametrize(
    ("wrong", "path", "word"),
    [
        ({"values": {"1ST": "x"}}, 'values["1ST"]', "environment variable"),
        ({"sources": {"A": {"secret": "a", "regions": []}}}, "sources.A", "no region"),
        ({"sources": {"A": {"secret": "a", "regions": [HOME], "template": "x"}}}, "sources.A", "{value}"),
        ({"sources": {"A": {"secret": "a"}}}, "sources.A.regions", "missing"),
        (
            {"sources": {"A": {"secret": "a", "regions": [HOME]}}, "values": {"A": "x"}},
            "values.A",
            "has a source too",
        ),
    ],
)
def test_wrong_inputs_are_refused_before_any_call(
    world: FlyWorld, wrong: dict[str, Any], path: str, word: str
) -> None:
    world.transport.requests.clear()
    assert word in _resource(world).failures({"app": "web", **wrong})[path]
    assert not world.transport.requests


def test_a_local_stack_never_asks_the_real_secrets_manager(tmp_path: Path) -> None:
    world = FlyWorld(tmp_path / "no-endpoint")
    try:
        world.make_app("web")
        sources = {"JWT": {"secret": "prod/jwt", "regions": [HOME]}}
        inputs = _resource(world).check({"app": "web", "sources": sources})
        with pytest.raises(grpc.RpcError, match="AWS_ENDPOINT_URL is not set"):
            _resource(world).create(inputs)
    finally:
        world.close()
