"""The contract is read from the first source that answers, and why others were passed over is told."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lifeboat.core.errors import ConfigError, Refused
from scripts.observe.checkpoint import read_checkpoint
from scripts.observe.environment_data import manifest_places
from scripts.observe.reading import Reading, SourceUnreadable, first_readable
from tests.builders import a_contract, a_contract_document

MOMENT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def a_reading() -> Reading:
    return Reading(contract=a_contract(), source="good", written_at=MOMENT)


def fails() -> Reading:
    raise SourceUnreadable("region is gone")


def test_the_first_source_that_answers_wins_and_says_what_was_passed_over() -> None:
    reading = first_readable((("a", fails), ("b", a_reading), ("c", fails)))
    assert reading.source == "good"
    assert reading.passed_over == ("a: region is gone",)


def test_when_none_answers_the_error_names_each() -> None:
    with pytest.raises(Refused) as caught:
        first_readable((("a", fails), ("b", fails)))
    assert caught.value.message.splitlines()[1:] == ["a: region is gone", "b: region is gone"]


def a_checkpoint(tmp_path: Path, outputs: object, *, packed: bool = False) -> str:
    deployment = {
        "manifest": {"time": "2026-11-22T08:00:00.5Z"},
        "resources": [{"type": "pulumi:pulumi:Stack", "outputs": outputs}],
    }
    raw = json.dumps({"version": 3, "checkpoint": {"latest": deployment}}).encode()
    folder = tmp_path / ".pulumi" / "stacks" / "lifeboat"
    folder.mkdir(parents=True)
    (folder / ("local.json" + (".gz" if packed else ""))).write_bytes(gzip.compress(raw) if packed else raw)
    return f"file://{tmp_path}"


@pytest.mark.parametrize("packed", [False, True])
def test_a_checkpoint_is_read_without_any_cli(tmp_path: Path, packed: bool) -> None:
    url = a_checkpoint(tmp_path, {"lifeboat": a_contract_document()}, packed=packed)
    reading = read_checkpoint("local", url)
    assert reading.contract == a_contract()
    assert reading.written_at == datetime(2026, 11, 22, 8, 0, 0, 500000, tzinfo=UTC)


def test_a_checkpoint_without_the_output_or_at_all_is_said(tmp_path: Path) -> None:
    url = a_checkpoint(tmp_path, {"other": 1})
    with pytest.raises(SourceUnreadable, match="no output"):
        read_checkpoint("local", url)
    with pytest.raises(SourceUnreadable, match="not found"):
        read_checkpoint("staging", url)
    with pytest.raises(SourceUnreadable, match="no checkpoint file"):
        read_checkpoint("local", "https://example.invalid")


def test_a_damaged_checkpoint_is_said(tmp_path: Path) -> None:
    url = a_checkpoint(tmp_path, {})
    (tmp_path / ".pulumi" / "stacks" / "lifeboat" / "local.json").write_text('{"checkpoint":')
    with pytest.raises(SourceUnreadable, match="not a checkpoint"):
        read_checkpoint("local", url)


def write_environment(folder: Path, text: str) -> Path:
    (folder / "Pulumi.production.yaml").write_text(text)
    return folder


def test_the_manifest_is_looked_for_in_the_recovery_region_first(tmp_path: Path) -> None:
    directory = write_environment(
        tmp_path,
        "config:\n"
        "  lifeboat:product: paintbox\n"
        "  lifeboat:topology: {regions: [us-west-1, us-east-2], primary_region: us-west-1}\n"
        "  lifeboat:backups: {bucket_suffix: 1a2b}\n",
    )
    places = manifest_places("production", directory)
    assert [(place.region, place.bucket) for place in places] == [
        ("us-east-2", "paintbox-production-us-east-2-backups-1a2b"),
        ("us-west-1", "paintbox-production-us-west-1-backups-1a2b"),
    ]


@pytest.mark.parametrize("text", ["", "config:\n", "config: {}\n", "config: [\n", "x"])
def test_data_that_does_not_name_the_manifest_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        manifest_places("production", write_environment(tmp_path, text))
    assert caught.value.hint == "run `lifeboat validate production`"


def test_an_unknown_environment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        manifest_places("nowhere", tmp_path)
