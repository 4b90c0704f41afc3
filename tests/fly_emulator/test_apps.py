"""Apps over REST: create, show, list, delete, deploy tokens."""

from __future__ import annotations

import httpx


def test_a_created_app_is_shown_and_listed(client: httpx.Client, app_name: str) -> None:
    shown = client.get(f"/v1/apps/{app_name}").json()
    assert shown["name"] == app_name
    assert shown["organization"]["slug"] == "lifeboat"
    listed = client.get("/v1/apps", params={"org_slug": "lifeboat"}).json()
    assert [app["name"] for app in listed["apps"]] == [app_name]
