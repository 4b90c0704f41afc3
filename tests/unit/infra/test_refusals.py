"""A file that cannot be used is refused with every problem, key path first, in words that say what to do."""

from pathlib import Path

import pytest

from infra.config import load
from infra.config.load import parse_environment
from lifeboat.core.errors import ConfigError
from tests.unit.infra.texts import ABSENT, ENVIRONMENTS, changed, problems_of, text_of


def test_all_problems_are_listed_at_once() -> None:
    text = changed(
        "production",
        ("database.storage_gb", 5),
        ("database.port", "5432"),
        ("protected", "yes"),
        ("alarms.app.cpu.critical", 60),
        ("topology.primary_region", "us-west-2"),
        ("databse", {}),
    )
    assert problems_of(text) == [
        "protected: must be true or false",
        "database.port: must be a whole number",
        "database.storage_gb: unknown key; did you mean 'storage_gib'?",
        "databse: unknown key; did you mean 'database'?",
        "topology.primary_region: must be one of us-west-1, us-east-2",
    ]


def test_a_mistake_in_one_section_does_not_hide_those_between_others() -> None:
    text = changed(
        "production", ("roles", {}), ("backups.retention_days", 7), ("backups.object_lock.days", 5)
    )
    assert problems_of(text) == [
        "roles.repository: is missing",
        "backups.retention_days: must be at least 30, the objective",
        "backups.object_lock.days: must be at least retention_days (7)",
    ]


def test_the_hint_names_the_file_and_the_reference() -> None:
    with pytest.raises(ConfigError) as refusal:
        parse_environment(changed("production", ("owner", 1)), "production", "environments/Pulumi.x.yaml")
    assert str(refusal.value) == (
        "owner: must be a text (put it in quotes)\n\n"
        "hint: correct environments/Pulumi.x.yaml; environments/reference.yaml explains every key"
    )
    assert refusal.value.exit_code == 2


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("product", "Paint Box", "product: must match ^[a-z][a-z0-9]*(-[a-z0-9]+)*$"),
        ("product", "a" * 21, "product: must have at most 20 characters"),
        ("objectives.rto_minutes", 0, "objectives.rto_minutes: must be at least 1"),
        ("objectives.rto_minutes", 1.5, "objectives.rto_minutes: must be a whole number"),
        ("objectives.rto_minutes", ABSENT, "objectives.rto_minutes: is missing"),
        ("database.recovery_tier", "hot", "database.recovery_tier: must be one of none, backups, replica"),
        ("database.retention_days", 36, "database.retention_days: must be at most 35"),
        ("database.engine_version", 16, "database.engine_version: must be a text (put it in quotes)"),
        ("database.multi_az", 1, "database.multi_az: must be true or false"),
        ("database", [], "database: must be a mapping"),
        ("secrets", {}, "secrets: must be a list"),
        ("topology.regions", ["us-west-1"], "topology.regions: must have at least 2 entries"),
        ("topology.regions", ["a", "b", "c"], "topology.regions: must have at most 2 entries"),
        (
            "alarms.app.cpu.unit",
            "%",
            "alarms.app.cpu.unit: must be one of percent, count, ms, s, min, h, d, mib, gib",
        ),
        ("alarms.app.cpu.warning", "70", "alarms.app.cpu.warning: must be a number"),
        ("alarms.app.cpuu", {}, "alarms.app.cpuu: unknown key; did you mean 'cpu'?"),
        ("secrets.0.nmae", "x", "secrets[0].nmae: unknown key; did you mean 'name'?"),
        (
            "alarms.routing.critical.0.url_secrt",
            "x",
            "alarms.routing.critical[0].url_secrt: unknown key; did you mean 'url_secret'?",
        ),
        ("audit.zzz", 1, "audit.zzz: unknown key; known are enabled, retention_days"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(path: str, value: object, line: str) -> None:
    assert problems_of(changed("production", (path, value))) == [line]


def test_a_missing_file_names_the_known_environments(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.one.yaml").write_text("")
    (tmp_path / "Pulumi.two.yaml").write_text("")
    with pytest.raises(ConfigError) as refusal:
        load("three", tmp_path)
    assert refusal.value.message == f"environment 'three' has no file {tmp_path.name}/Pulumi.three.yaml"
    assert refusal.value.hint == "known environments: one, two"


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.one.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"Pulumi\.one\.yaml cannot be read: UnicodeDecodeError"):
        load("one", tmp_path)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.one.yaml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read: IsADirectoryError"):
        load("one", tmp_path)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["file: is empty"]),
        ("# only a comment\n", ["file: is empty"]),
        ("- 1\n- 2\n", ["file: must be a mapping with a mapping `config:` in it"]),
        ("word", ["file: must be a mapping with a mapping `config:` in it"]),
        ("config: []\n", ["file: must be a mapping with a mapping `config:` in it"]),
        ("encryptionsalt: x\n", ["file: must be a mapping with a mapping `config:` in it"]),
        ("config:\n\ta: 1\n", ["file: line 2, column 1: a tab cannot indent; use spaces"]),
        ("config: {a: [}\n", ["file: line 1, column 14: expected the node content, but found '}'"]),
        ("config:\n  a: 1\n b: 2\n", ["file: line 3, column 2: expected <block end>, but found that text"]),
        ("config: {a: *hunter2hunter2}\n", ["file: line 1, column 13: found undefined alias that text"]),
        ("config: \x07\n", ["file: holds characters that YAML does not allow"]),
        ("a: 1\n---\nb: 2\n", ["file: line 2, column 1: but found another document"]),
        ("config: &x\n  a: *x\n", ["config.a: repeats what is on line 1 by an alias; write it out"]),
        ("config: {a: &x [1], b: *x}\n", ["config.b: repeats what is on line 1 by an alias; write it out"]),
        (
            "config: {a: !!timestamp 2026-01-01}\n",
            ["config.a: has a tag (line 1); only plain values are read"],
        ),
        (
            "config: {a: !!python/name:os.system x}\n",
            ["config.a: has a tag (line 1); only plain values are read"],
        ),
        ("config: {a: " + "[" * 2000 + "]" * 2000 + "}\n", ["file: is nested too deeply"]),
    ],
)
def test_a_file_of_another_form_is_refused_with_line_and_column(text: str, lines: list[str]) -> None:
    assert problems_of(text) == lines


def test_duplicate_keys_are_refused_with_both_lines() -> None:
    text = "config:\n  lifeboat:owner: a\n  lifeboat:objectives:\n    x: 1\n    y: 2\n    x: 3\n"
    lines = problems_of(f"{text}  lifeboat:owner: b\n")
    assert lines[0] == "config.lifeboat:owner: is there twice, on lines 2 and 7"
    assert lines[1] == "config.lifeboat:objectives.x: is there twice, on lines 4 and 6"


def test_a_threshold_that_is_not_a_number_is_refused() -> None:
    text = text_of("production").replace("warning: 70, critical: 85", "warning: 70, critical: !!float .nan")
    assert problems_of(text) == ["alarms.app.cpu.critical: must be a finite number"]


def test_keys_that_are_not_texts_are_refused() -> None:
    assert problems_of("config:\n  lifeboat:database:\n    1: 2\n")[0] == (
        "config.lifeboat:database.1: keys must be texts (line 3)"
    )


def test_unknown_keys_around_the_sections_are_refused() -> None:
    text = text_of("production").replace("config:", "confg: 1\nconfig:\n  product: x")
    assert problems_of(text) == [
        "confg: unknown key; did you mean 'config'?",
        "config.product: has no namespace; write it as lifeboat:product",
    ]


def test_what_pulumi_and_other_programs_keep_in_the_file_is_left_alone() -> None:
    text = "encryptionsalt: v1:abc\nsecretsprovider: awskms://x\nencryptedkey: y\n" + text_of("production")
    text = text.replace("config:", "config:\n  aws:region: eu-west-1\n  fly:token:\n    secure: AAABBB", 1)
    assert parse_environment(text, "production", "file") == load("production", ENVIRONMENTS)


def test_a_copied_file_that_still_names_the_other_environment_is_refused() -> None:
    lines = problems_of(text_of("production"), "staging")
    assert lines == ["environment: is 'production', but the file is staging's"]
