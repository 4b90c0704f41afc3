"""GraphQL: any document is executed, for what its token may see, and says no as GraphQL does."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultKind, FaultSpec

_ALLOCATE = """mutation($input: AllocateIPAddressInput!) {
  allocateIpAddress(input: $input) {
    app { sharedIpAddress } ipAddress { id address type region network { name } }
  }
}"""


def _post(client: httpx.Client, query: str, **variables: Any) -> Any:
    response = client.post("/graphql", json={"query": query, "variables": variables})
    assert response.status_code == 200, response.text
    return response.json()


def _data(client: httpx.Client, query: str, **variables: Any) -> Any:
    body = _post(client, query, **variables)
    assert "errors" not in body, body
    return body["data"]


def _error(client: httpx.Client, query: str, **variables: Any) -> Any:
    return _post(client, query, **variables)["errors"][0]


def _release(client: httpx.Client, app: str, **fields: Any) -> Any:
    body = {"app_name": app, "image": f"registry.fly.io/{app}:v1", "strategy": "ROLLING", **fields}
    return client.post("/api/v1/releases", json=body).json()["release"]


@pytest.fixture
def machine(client: httpx.Client, app_name: str) -> Any:
    config = {"image": "registry.fly.io/lifeboat-light:1", "metadata": {"fly_process_group": "app"}}
    body = {"name": "one", "region": "sjc", "config": config}
    return client.post(f"/v1/apps/{app_name}/machines", json=body).raise_for_status().json()


def test_an_anonymous_query_with_aliases_and_a_fragment_is_executed(
    client: httpx.Client, app_name: str
) -> None:
    query = """query($appName: String!) {
      appcompact: app(name: $appName) { ...Few status postgresAppRole: role { name } }
      again: app(name: $appName) { ...Few }
    }
    fragment Few on App { id name platformVersion organization { slug paidPlan } }"""
    data = _data(client, query, appName=app_name)
    assert data["appcompact"]["id"] == data["again"]["id"]
    assert data["appcompact"]["organization"] == {"slug": "lifeboat", "paidPlan": True}
    assert data["appcompact"]["postgresAppRole"] is None
    assert (data["again"]["platformVersion"], data["again"]["name"]) == ("machines", app_name)


def test_of_several_operations_the_named_one_is_executed(client: httpx.Client, app_name: str) -> None:
    query = """query LatestImage($n: String!) { app(name: $n) { currentReleaseUnprocessed { imageRef } } }
    query FlyctlConfigCurrentRelease($n: String!) {
      app(name: $n) { currentReleaseUnprocessed { configDefinition } }
    }"""
    definition = {"primary_region": "sjc"}
    _release(client, app_name, definition=definition)
    body = {"query": query, "variables": {"n": app_name}}
    for name, wanted in (
        ("LatestImage", {"imageRef": "registry.fly.io/web:v1"}),
        ("FlyctlConfigCurrentRelease", {"configDefinition": definition}),
    ):
        answer = client.post("/graphql", json={**body, "operationName": name}).json()
        assert answer["data"]["app"]["currentReleaseUnprocessed"] == wanted


def test_unknown_things_are_null_with_an_error_that_names_them(client: httpx.Client, app_name: str) -> None:
    error = _error(client, '{ app(name: "nobody") { id } }')
    assert (error["message"], error["path"]) == ("Could not find App", ["app"])
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert _error(client, '{ machine(machineId: "00") { id } }')["message"] == "Could not find Machine"
    assert _error(client, '{ volume(id: "vol_0") { id } }')["message"] == "Could not find Volume"
    assert _error(client, '{ organization(slug: "x") { id } }')["message"] == "Could not find Organization"
    unknown = _error(client, '{ latestImageDetails(image: "flyio/x:1") { tag } }')
    assert unknown["message"].startswith("Unknown repository")
    assert "Cannot query field 'nodes'" in _error(client, '{ app(name: "web") { nodes } }')["message"]
    assert "Syntax Error" in _error(client, "{ app(")["message"]


def test_a_machine_and_a_volume_lead_to_their_app(client: httpx.Client, app_name: str, machine: Any) -> None:
    volume = client.post(f"/v1/apps/{app_name}/volumes", json={"name": "data", "region": "sjc"}).json()
    query = """query($m: String!, $v: ID!) {
      gqlmachine: machine(machineId: $m) { name region app { name organization { id slug } } }
      volume(id: $v) { ... on Volume { app { name } state snapshots { nodes { id } } } }
    }"""
    data = _data(client, query, m=machine["id"], v=volume["id"])
    assert data["gqlmachine"]["app"]["name"] == data["volume"]["app"]["name"] == app_name
    assert (data["gqlmachine"]["region"], data["volume"]["snapshots"]["nodes"]) == ("sjc", [])


def test_apps_come_in_pages(client: httpx.Client) -> None:
    for number in range(3):
        client.post("/v1/apps", json={"name": f"app{number}", "org_slug": "lifeboat"}).raise_for_status()
    query = """query($after: String) { apps(type: "container", first: 2, after: $after) {
      pageInfo { hasNextPage endCursor } nodes { name organization { slug } currentRelease { status } } } }"""
    first = _data(client, query)["apps"]
    rest = _data(client, query, after=first["pageInfo"]["endCursor"])["apps"]
    assert [node["name"] for node in first["nodes"] + rest["nodes"]] == ["app0", "app1", "app2"]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    assert _error(client, query, after="%")["message"] == "invalid cursor"


def test_an_image_is_resolved_until_the_registry_loses_it(
    client: httpx.Client, emulator: Emulator, app_name: str
) -> None:
    query = """query($ref: String!) { app(name: "web") {
      image(ref: $ref) { id digest ref compressedSize: compressedSizeFull manifest } } }"""
    image = _data(client, query, ref="registry.fly.io/web:v1")["app"]["image"]
    assert (image["ref"], image["compressedSize"]) == ("registry.fly.io/web:v1", "0")
    assert image["digest"].startswith("sha256:")
    assert _data(client, query, ref="registry.fly.io/web:[VERSION]")["app"]["image"] is None
    emulator.world.faults.declare(FaultSpec(kind=FaultKind.IMAGE_GONE, image="*web*"))
    assert _data(client, query, ref="registry.fly.io/web:v1")["app"]["image"] is None


def test_addresses_are_given_and_taken_and_rest_shows_the_same(client: httpx.Client, app_name: str) -> None:
    given = _data(client, _ALLOCATE, input={"appId": app_name, "type": "v6", "region": ""})
    address = given["allocateIpAddress"]["ipAddress"]["address"]
    shared = _data(client, _ALLOCATE, input={"appId": app_name, "type": "shared_v4"})["allocateIpAddress"]
    assert shared["app"]["sharedIpAddress"] == "192.0.2.1"
    listed = client.get(f"/v1/apps/{app_name}/ip_assignments").json()["ips"]
    assert [row["ip"] for row in listed] == [address, "192.0.2.1"]
    query = '{ app(name: "web") { ipAddresses { nodes { address } } sharedIpAddress } }'
    assert [row["address"] for row in _data(client, query)["app"]["ipAddresses"]["nodes"]] == [address]
    release = """mutation($input: ReleaseIPAddressInput!) {
      releaseIpAddress(input: $input) { clientMutationId } }"""
    _data(client, release, input={"appId": app_name, "ip": address})
    assert "not found" in _error(client, release, input={"appId": app_name, "ip": address})["message"]


def test_a_flycast_address_names_the_network_of_its_organisation(client: httpx.Client, app_name: str) -> None:
    wish = {"appId": app_name, "type": "private_v6", "network": "blue"}
    address = _data(client, _ALLOCATE, input=wish)["allocateIpAddress"]["ipAddress"]
    assert address["network"] == {"name": "blue"}
    organization = _data(client, '{ organization(slug: "lifeboat") { id } }')["organization"]["id"]
    wish = {**wish, "organizationId": organization}
    assert _data(client, _ALLOCATE, input=wish)["allocateIpAddress"]["ipAddress"]["address"].startswith(
        "fdaa:"
    )
    wrong = _error(client, _ALLOCATE, input={**wish, "organizationId": "x"})
    assert wrong["message"] == "Could not find Organization"


def test_egress_pairs_belong_to_app_and_region(client: httpx.Client, app_name: str) -> None:
    allocate = """mutation($input: AllocateEgressIPAddressInput!) {
      allocateEgressIpAddress(input: $input) { v4, v6 } }"""
    wish = {"appId": app_name, "machineId": "", "region": "sjc"}
    pair = _data(client, allocate, input=wish)["allocateEgressIpAddress"]
    query = '{ app(name: "web") { egressIpAddresses { nodes { ip version region } } } }'
    nodes = _data(client, query)["app"]["egressIpAddresses"]["nodes"]
    assert [(node["ip"], node["version"]) for node in nodes] == [(pair["v4"], 4), (pair["v6"], 6)]
    assert "already has" in _error(client, allocate, input=wish)["message"]
    of_a_machine = _error(client, allocate, input={**wish, "machineId": "0123"})
    assert of_a_machine["extensions"]["code"] == "NOT_IMPLEMENTED"
    release = """mutation($input: ReleaseEgressIPAddressInput!) {
      releaseEgressIpAddress(input: $input) { v4 v6 clientMutationId } }"""
    released = _data(client, release, input={"appId": app_name, "ip": pair["v4"]})["releaseEgressIpAddress"]
    assert released["v4"] == pair["v4"]


def test_a_deploy_token_sees_its_app_and_no_other(client: httpx.Client, app_name: str) -> None:
    client.post("/v1/apps", json={"name": "other", "org_slug": "personal"}).raise_for_status()
    token = client.post(f"/v1/apps/{app_name}/deploy_token", json={}).json()["token"]
    seen = httpx.Client(
        transport=client._transport, base_url=client.base_url, headers={"Authorization": token}
    )
    query = """{ apps(first: 9) { nodes { name } } organizations { nodes { slug } }
      viewer { ... on User { email } } }"""
    data = _data(seen, query)
    assert data["apps"]["nodes"] == [{"name": app_name}]
    assert data["organizations"]["nodes"] == [{"slug": "lifeboat"}]
    assert data["viewer"]["email"] == f"app-{app_name}@tokens.fly.io"
    assert _error(seen, '{ app(name: "other") { id } }')["message"] == "Could not find App"


def test_outages_and_bad_requests_are_http_errors(client: httpx.Client, emulator: Emulator) -> None:
    def status(**request: Any) -> int:
        return client.post("/graphql", **request).status_code

    assert client.get("/graphql").status_code == 405
    assert status(json=[]) == 400
    assert status(json={"query": "{ viewer { __typename } }", "variables": []}) == 400
    assert status(content=b"{") == 400
    assert status(json={"query": "{viewer{__typename}}"}, headers={"Authorization": "Bearer nobody"}) == 401
    fault = emulator.world.faults.declare(FaultSpec(kind=FaultKind.GRAPHQL_DOWN))
    assert status(json={"query": "{ viewer { __typename } }"}) == 503
    assert client.get("/v1/platform/regions").status_code == 200
    emulator.world.faults.forget(fault)
    assert status(json={"query": "{ viewer { __typename } }"}) == 200


def test_everything_flyctl_shows_of_an_app_is_there(
    client: httpx.Client, app_name: str, machine: Any
) -> None:
    client.post(f"/v1/apps/{app_name}/secrets", json={"values": {"A": "hidden"}}).raise_for_status()
    query = """query ($appName: String!) { app(name: $appName) {
      id internalNumericId name hostname deployed status version appUrl platformVersion cnameTarget
      currentRelease { evaluationId status inProgress version } config { definition }
      services { description protocol internalPort ports { port handlers } }
      imageDetails { registry repository tag digest version } hostIssues { nodes { internalId message } }
      machines { nodes { id name config state host { id } ips { nodes { family kind ip maskSize } } } }
      secrets { name digest } volumes { nodes { id } } releases(first: 1) { nodes { version } } } }"""
    app = _data(client, query, appName=app_name)["app"]
    assert [node["id"] for node in app["machines"]["nodes"]] == [machine["id"]]
    assert (app["deployed"], app["status"], app["imageDetails"]["tag"]) == (True, "deployed", "1")
    assert [secret["name"] for secret in app["secrets"]] == ["A"]
    assert "hidden" not in str(app)
