"""Lists come whole, in both of Fly's forms, or not at all."""

from __future__ import annotations

import httpx
import pytest

from lifeboat.fly.client import errors
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import answers, no, ok


def test_pages_named_in_the_body_are_joined(fly: Fly) -> None:
    server = fly(
        answers(
            ok({"apps": [{"id": "1", "name": "a"}], "next_cursor": "c1"}),
            ok({"apps": [{"id": "2", "name": "b"}], "next_cursor": ""}),
        )
    )

    assert [app.name for app in server.client().apps.list("o")] == ["a", "b"]
    assert [request.url.query for request in server.requests] == [b"org_slug=o", b"org_slug=o&cursor=c1"]


def test_pages_named_in_a_header_are_joined(fly: Fly) -> None:
    server = fly(answers(ok([{"id": "1"}], fly_next_cursor="c1"), ok([{"id": "2"}])))
    machines = server.client().machines.list("web", region="sjc", metadata={"k": "v"}, include_deleted=True)

    assert [machine.id for machine in machines] == ["1", "2"]
    assert server.requests[1].url.query == b"region=sjc&include_deleted=true&metadata.k=v&cursor=c1"


def test_a_list_of_an_organisation_says_which_regions_are_missing(fly: Fly) -> None:
    server = fly(
        answers(
            ok({"machines": [{"id": "1"}], "error_regions": ["iad"], "next_cursor": "c"}),
            ok({"machines": [], "error_regions": ["iad", "ams"]}),
        )
    )

    assert server.client().orgs.machines("o").error_regions == ("ams", "iad")


@pytest.mark.parametrize("second", [no(404, "cursor expired"), no(400, "bad cursor")])
def test_a_list_that_breaks_off_is_an_error_and_no_short_list(fly: Fly, second: httpx.Response) -> None:
    with pytest.raises(errors.FlyError):
        fly(answers(ok([{"id": "1"}], fly_next_cursor="c1"), second)).client().machines.list("web")


def test_pages_that_go_in_a_circle_are_an_error(fly: Fly) -> None:
    with pytest.raises(errors.ProtocolError, match="never ends"):
        fly(answers(ok([{"id": "1"}], fly_next_cursor="c1"))).client().machines.list("web")


@pytest.mark.parametrize("body", [{"error": "x"}, "x", 5, [5], [{"name": "no id"}]])
def test_a_list_of_another_shape_is_an_error(fly: Fly, body: object) -> None:
    with pytest.raises(errors.ProtocolError):
        fly(answers(ok(body))).client().machines.list("web")
