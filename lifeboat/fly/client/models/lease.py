"""A machine's lease, in both forms it comes in: bare, and in an envelope (`{"status":…,"data":{…}}`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field, model_validator

from lifeboat.fly.client.models.wire import WireModel


class Lease(WireModel):
    """The mutex of a machine; its nonce is what a change must carry while it lasts.

    Args:
        owner: who took it, such as `someone@example.com` or a token's own address.
        expires_at: when it ends by itself; sent in Unix seconds.
        version: the machine's version when it was taken.
    """

    nonce: str = Field(default="", repr=False)
    owner: str = ""
    description: str = ""
    expires_at: datetime
    version: str = ""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, sent: Any) -> Any:  # noqa: ANN401  # parsed JSON
        if isinstance(sent, dict) and isinstance(sent.get("data"), dict):
            return sent["data"]
        return sent
