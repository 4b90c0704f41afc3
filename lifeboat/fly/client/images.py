"""Which digest an image reference stands for, as Fly resolves it for an app: best effort, by GraphQL.

Never on the recovery path, which uses recorded digests. Every failure is `Unavailable`, which callers may
ignore. Source: fly-go `resource_apps.go` for the fields; the name and its shape are in the public schema.
"""

from __future__ import annotations

from pydantic import AliasChoices, Field

from lifeboat.fly.client.best_effort import best_effort
from lifeboat.fly.client.errors import NotFound, ProtocolError
from lifeboat.fly.client.graphql import Query, ask
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.sparse import Sparse

_IMAGE = Query(
    name="ImageOfApp",
    text="""
query ImageOfApp($app: String!, $reference: String!) {
  app(name: $app) { image(ref: $reference) { id digest ref compressedSizeFull } }
}
""".strip(),
)


class Image(Sparse):
    """An image in a registry; `digest` is what identifies it."""

    id: str = ""
    ref: str = ""
    digest: str
    compressed_size_bytes: int = Field(
        default=0, validation_alias=AliasChoices("compressedSizeFull", "compressed_size_bytes")
    )


class Images:
    """The images apps can run."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def resolve(self, app: str, reference: str) -> Image:
        """Return the image a reference stands for now.

        Args:
            app: the app that would run it.
            reference: `registry/name:tag` or with a digest.

        Raises:
            NotFound: there is no such image, or no such app.
            Unavailable: it is not to be had now.
        """
        what = f"image {reference}"
        with best_effort(what):
            data = ask(self._http, _IMAGE, {"app": app, "reference": reference})
            owner = data.get("app")
            found = owner.get("image") if isinstance(owner, dict) else None
            if found is None:
                raise NotFound(f"{what} of app {app} does not exist")
            try:
                return Image.model_validate(found)
            except ValueError:
                broken = ProtocolError(f"{what}: the answer is not an image")
            raise broken
