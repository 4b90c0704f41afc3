"""Certificates are asked for once, repaired by checking, and their keys never come back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lifeboat.core.secret import Secret
from lifeboat.fly.client import errors
from lifeboat.fly.client.certificates import Certificates
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import answers, no, ok

KEY = "-----BEGIN PRIVATE KEY-----canary-3d1f"


def detail(status: str = "pending_validation", **fields: Any) -> dict[str, Any]:
    return {
        "hostname": "www.example.com",
        "status": status,
        "rate_limited_until": None,
        "validation_errors": None,
        "dns_requirements": {"a": ["203.0.113.9"], "cname": "web.fly.dev", "ownership": None},
        **fields,
    }


def test_all_pages_of_a_list_are_read(fly: Fly) -> None:
    scripted = fly(
        answers(
            ok({"certificates": [{"hostname": "a.example.com"}], "next_cursor": "c1", "total_count": 2}),
            ok({"certificates": [{"hostname": "b.example.com", "status": "active"}], "total_count": 2}),
        )
    )
    listed = Certificates(scripted.http()).list("web", containing="example")
    assert [one.hostname for one in listed] == ["a.example.com", "b.example.com"]
    assert [request.url.params.get("cursor") for request in scripted.requests] == [None, "c1"]
    assert scripted.requests[0].url.params["filter"] == "example"


def test_what_dns_needs_is_told(fly: Fly) -> None:
    found = Certificates(fly(answers(ok(detail()))).http()).get("web", "www.example.com")
    assert found.dns_requirements.a == ("203.0.113.9",)
    assert (found.dns_requirements.cname, found.dns_requirements.ownership.name) == ("web.fly.dev", "")
    assert (found.rate_limited_until, found.validation_errors) == (None, ())


@pytest.mark.parametrize(
    "failed",
    [
        no(422, "Hostname already exists on app: www.example.com"),
        no(422, "Validation failed: Name has already been taken", "name_taken"),
        no(503, "down"),
        httpx.ReadTimeout("slow"),
    ],
)
def test_a_host_name_the_app_already_has_is_adopted(fly: Fly, failed: httpx.Response | Exception) -> None:
    scripted = fly(answers(failed, ok(detail())))
    assert Certificates(scripted.http()).request_acme("web", "www.example.com").hostname == "www.example.com"
    assert scripted.asked[1:] == ["GET /v1/apps/web/certificates/www.example.com"]


def test_a_host_name_another_app_has_stays_refused(fly: Fly) -> None:
    scripted = fly(answers(no(422, "Hostname has already been taken"), no(404, "certificate not found")))
    with pytest.raises(errors.InvalidRequest, match="already been taken"):
        Certificates(scripted.http()).request_acme("web", "www.example.com")


def test_a_missing_certificate_is_no_missing_app(fly: Fly) -> None:
    with pytest.raises(errors.NotFound) as caught:
        Certificates(fly(answers(no(404, "not_found: certificate not found"))).http()).get(
            "web", "a.example.com"
        )
    assert not isinstance(caught.value, errors.AppNotFound)


def test_a_key_goes_out_once_and_is_shown_nowhere(fly: Fly) -> None:
    scripted = fly(answers(no(422, "private key does not match the certificate")))
    with pytest.raises(errors.InvalidRequest) as caught:
        Certificates(scripted.http()).import_custom(
            "web", "www.example.com", fullchain="PEM", private_key=Secret(KEY)
        )
    assert scripted.body()["private_key"] == KEY
    assert "canary" not in f"{caught.value} {caught.value!r}"


def test_waiting_checks_until_it_is_active(fly: Fly) -> None:
    scripted = fly(answers(ok(detail()), ok(detail()), ok(detail("active", configured=True))))
    assert Certificates(scripted.http()).wait_active("web", "www.example.com").configured
    assert set(scripted.asked) == {"POST /v1/apps/web/certificates/www.example.com/check"}


def test_waiting_in_vain_says_what_is_missing(fly: Fly) -> None:
    missing = [{"code": None, "message": "no CNAME leads to the app", "remediation": "add one"}]
    scripted = fly(answers(ok(detail(validation_errors=missing))))
    with pytest.raises(errors.WaitTimeout, match="pending_validation: no CNAME leads to the app"):
        Certificates(scripted.http()).wait_active("web", "www.example.com", deadline_s=30.0)


def test_removing_what_the_app_does_not_have_is_done(fly: Fly) -> None:
    gone = no(404, "not_found: certificate not found")
    Certificates(fly(answers(gone)).http()).delete("web", "www.example.com")
    Certificates(fly(answers(gone)).http()).delete_custom("web", "www.example.com")
