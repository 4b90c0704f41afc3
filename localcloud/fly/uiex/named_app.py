"""The app that a request's body names, where the path does not."""

from __future__ import annotations

from dataclasses import replace

from localcloud.fly.api.lookup import the_app
from localcloud.fly.api.route import Call
from localcloud.fly.model import App


def app_named_in_body(call: Call) -> App:
    """Return the app of `app_name`.

    Raises:
        WireError: 404 there is none, 403 the token may not see it.
    """
    return the_app(replace(call, path={"app_name": str(call.fields().get("app_name") or "")}))
