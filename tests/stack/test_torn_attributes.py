"""Half-written attribute files of the engine's backend are removed, whole ones and other stacks' are not."""

from __future__ import annotations

from pathlib import Path

from localcloud.stack.torn_attributes import remove_torn_attributes


def test_only_the_torn_ones_of_the_stack_go(tmp_path: Path) -> None:
    texts = {
        "local.json": "{}",
        "local.json.attrs": "",
        "local.json.bak.attrs": '{"user.content_type":"applica',
        "local-other.json.attrs": "",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    removed = remove_torn_attributes(tmp_path / "local.json")
    assert {path.name for path in removed} == {"local.json.attrs", "local.json.bak.attrs"}
    assert {path.name for path in tmp_path.iterdir()} == {"local.json", "local-other.json.attrs"}


def test_whole_ones_stay(tmp_path: Path) -> None:
    whole = tmp_path / "local.json.attrs"
    whole.write_text('{"user.content_type":"application/json","md5":"AAAA"}\n')
    assert remove_torn_attributes(tmp_path / "local.json") == ()
    assert whole.exists()
