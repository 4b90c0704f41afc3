"""Which plugins installed packages stand for, by the rules of the official host."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import pytest

from tools.engine.language_host.failure import HostFailure
from tools.engine.language_host.plugins import required_plugins, semantic_version


class Site:
    """A directory of installed packages."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir()

    def install(self, distribution: str, version: str, manifest: object = None, package: str = "") -> None:
        """Put a distribution's metadata, and its package with a manifest when there is one."""
        (self.directory / f"{distribution}-{version}.dist-info").mkdir()
        home = self.directory / (package or distribution)
        home.mkdir()
        if manifest is not None:
            (home / "pulumi-plugin.json").write_text(json.dumps(manifest))

    def plugins(self, *others: Path) -> list[tuple[str, str]]:
        """Return name and version of every plugin."""
        paths = [str(path) for path in (self.directory, *others)]
        return [(each.name, each.version) for each in required_plugins(paths)]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


def test_a_distribution_with_the_prefix_stands_for_a_plugin_of_its_version(site: Site) -> None:
    site.install("pulumi_random", "4.18.2")
    site.install("Pulumi.Command", "1.0.0rc2")
    assert site.plugins() == [("command", "v1.0.0-rc.2"), ("random", "v4.18.2")]


def test_the_sdk_the_policy_library_and_strangers_do_not(site: Site) -> None:
    site.install("pulumi", "3.272.0")
    site.install("pulumi_policy", "1.21.0")
    site.install("requests", "2.0.0")
    assert site.plugins() == []


def test_a_manifest_speaks_for_any_package(site: Site) -> None:
    site.install("acme_cloud", "9.9", {"resource": True, "name": "acme", "version": "1.2.3"})
    site.install("pulumi_tools", "1.0.0", {"resource": False})
    site.install("pulumi_bare", "2.0.0", {"resource": True})
    assert site.plugins() == [("acme", "v1.2.3"), ("bare", "v2.0.0")]


def test_server_and_parameterization_are_passed_on(site: Site) -> None:
    extra = {"name": "thing", "version": "0.1.0", "value": b64encode(b"schema").decode()}
    site.install(
        "pulumi_thing",
        "0.1.0",
        {"name": "base", "server": "https://mirror.example", "parameterization": extra},
    )
    (plugin,) = required_plugins([str(site.directory)])
    assert (plugin.name, plugin.server) == ("base", "https://mirror.example")
    assert (plugin.parameterization.name, plugin.parameterization.version) == ("thing", "0.1.0")
    assert plugin.parameterization.value == b"schema"


def test_the_first_on_the_search_path_is_the_one_that_is_imported(site: Site, tmp_path: Path) -> None:
    site.install("pulumi_random", "4.18.2")
    later = Site(tmp_path / "later")
    later.install("pulumi_random", "3.0.0")
    assert site.plugins(later.directory, tmp_path / "missing") == [("random", "v4.18.2")]


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_broken_manifest_is_named(site: Site, content: str) -> None:
    site.install("pulumi_broken", "1.0.0", {})
    manifest = site.directory / "pulumi_broken" / "pulumi-plugin.json"
    manifest.write_text(content)
    with pytest.raises(HostFailure, match=r"pulumi_broken/pulumi-plugin\.json"):
        site.plugins()


@pytest.mark.parametrize(
    ("python", "semantic"),
    [
        ("7.51.1", "v7.51.1"),
        ("7", "v7.0.0"),
        ("1.2a3", "v1.2.0-alpha.3"),
        ("1.2.3b4", "v1.2.3-beta.4"),
        ("1.2.3.dev5", "v1.2.3-dev.5"),
        ("1.2.3+local.1", "v1.2.3+local.1"),
        ("1.2.3.post1", ""),
        ("1!2.0", ""),
    ],
)
def test_python_versions_become_semantic_ones(python: str, semantic: str) -> None:
    assert semantic_version(python) == semantic
