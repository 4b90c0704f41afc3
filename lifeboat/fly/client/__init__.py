"""Typed client of Fly.io: Machines REST first, GraphQL and uiex only where REST has nothing.

`FlyClient` is the whole of it; `errors` is the tree of what it raises. It never acts on a single list, never
repeats a create blindly, and never shows a token.
"""

from lifeboat.fly.client import errors
from lifeboat.fly.client.client import FlyClient
from lifeboat.fly.client.settings import FlySettings

__all__ = ["FlyClient", "FlySettings", "errors"]
