"""What is installed, and what of it nothing else requires."""

from __future__ import annotations

from pathlib import Path

from tools.engine.language_host.distributions import direct, installed


def install(site: Path, name: str, version: str, *requires: str) -> None:
    metadata = site / f"{name}-{version}.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    lines = [f"Requires-Dist: {each}" for each in requires]
    metadata.write_text(
        "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, ""])
    )


def names(site: Path) -> list[str]:
    return [each.name for each in direct(installed([str(site)]))]


def test_names_are_normalised_and_sorted(tmp_path: Path) -> None:
    install(tmp_path, "Zope.Interface", "1")
    install(tmp_path, "a_b", "2")
    assert [(each.name, each.version) for each in installed([str(tmp_path)])] == [
        ("a-b", "2"),
        ("zope-interface", "1"),
    ]


def test_what_something_requires_is_not_direct(tmp_path: Path) -> None:
    install(tmp_path, "app", "1", "Lib_One>=2,<3 ; python_version >= '3.8'", "lib-two[fast]~=1.0")
    install(tmp_path, "lib-one", "2")
    install(tmp_path, "lib-two", "1")
    assert names(tmp_path) == ["app"]


def test_what_only_an_extra_would_add_is_direct(tmp_path: Path) -> None:
    install(tmp_path, "app", "1", 'plot>=1; extra == "charts"', "app[charts]; extra == 'all'")
    install(tmp_path, "plot", "1")
    assert names(tmp_path) == ["app", "plot"]


def test_of_two_of_a_name_the_first_on_the_path_counts(tmp_path: Path) -> None:
    install(tmp_path / "first", "lib", "2")
    install(tmp_path / "second", "lib", "1")
    found = installed([str(tmp_path / "first"), str(tmp_path / "second")])
    assert [each.version for each in found] == ["2"]
