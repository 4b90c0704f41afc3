"""Which image a reference names."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.fly.images.registry import Image, ImageKind, command_of, resolve

SOME_DIGEST = "sha256:" + "0f" * 32


def the(reference: str) -> Image:
    image = resolve(reference)
    assert image is not None
    return image


@pytest.mark.parametrize(
    ("reference", "registry", "repository", "tag"),
    [
        ("nginx", "registry-1.docker.io", "library/nginx", "latest"),
        ("docker.io/nginx:1.27", "registry-1.docker.io", "library/nginx", "1.27"),
        ("flyio/postgres-flex:15", "registry-1.docker.io", "flyio/postgres-flex", "15"),
        ("registry.fly.io/acme:deployment-01J", "registry.fly.io", "acme", "deployment-01J"),
        (f"registry.fly.io/acme@{SOME_DIGEST}", "registry.fly.io", "acme", ""),
        ("localhost:5000/team/app", "localhost:5000", "team/app", "latest"),
        ("localhost/app", "localhost", "app", "latest"),
    ],
)
def test_a_reference_is_split_as_docker_splits_it(
    reference: str, registry: str, repository: str, tag: str
) -> None:
    image = the(reference)
    assert (image.registry, image.repository, image.tag) == (registry, repository, tag)


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "Upper",
        "UP/low",
        "registry.fly.io/Acme",
        "a//b",
        "a:",
        "a@sha256:12",
        "a b",
        "-a",
        "a:t\n",
        "a" * 300,
    ],
)
def test_a_malformed_reference_names_no_image(reference: str) -> None:
    assert resolve(reference) is None


def test_a_tag_has_one_digest_and_another_tag_another() -> None:
    first, again, other = the("registry.fly.io/a:1"), the("registry.fly.io/a:1"), the("registry.fly.io/a:2")
    assert first.digest == again.digest != other.digest
    assert re.fullmatch("sha256:[0-9a-f]{64}", first.digest)


def test_a_named_digest_is_kept_and_tells_versions_of_one_tag_apart() -> None:
    image = the(f"registry.fly.io/a:latest@{SOME_DIGEST}")
    assert (image.digest, image.version) == (SOME_DIGEST, "0f0f0f0f0f0f")
    assert the("registry.fly.io/a:v7").version == "v7"


@given(st.from_regex(r"\A[a-z0-9]{1,9}(/[a-z0-9]{1,9})?(:[A-Za-z0-9_]{1,9})?\Z"))
def test_the_full_name_names_the_same_image(reference: str) -> None:
    image = the(reference)
    again = the(image.reference)
    assert (again.reference, again.digest, again.kind) == (image.reference, image.digest, image.kind)


@pytest.mark.parametrize("kind", [kind for kind in ImageKind if kind is not ImageKind.DEMO])
def test_four_repository_names_are_the_images_that_misbehave(kind: ImageKind) -> None:
    assert the(f"registry.fly.io/lifeboat-{kind}:1").kind is kind
    assert the(f"acme/acme-lifeboat-{kind}").kind is kind
    assert the(f"acme/lifeboat-{kind}-not").kind is ImageKind.DEMO


def test_the_command_runs_a_module_of_its_kind_and_a_light_image_has_none() -> None:
    assert command_of(the("a:v1")) == [
        sys.executable, "-P", "-m", "localcloud.fly.images.demo", "--version", "v1",
    ]  # fmt: skip
    assert command_of(the("lifeboat-crash")) == [sys.executable, "-P", "-m", "localcloud.fly.images.crash"]
    assert command_of(the("lifeboat-light")) == []
