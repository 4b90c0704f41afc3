"""What becomes of the operations that a killed engine left open."""

from pathlib import Path
from typing import Any

from localcloud.stack.heal import read_created
from localcloud.stack.pending import settle

STACK = {"urn": "urn:pulumi:local::lifeboat::pulumi:pulumi:Stack::s", "type": "pulumi:pulumi:Stack"}


def resource(kind: str, called: str, **inputs: object) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:local::lifeboat::{kind}::{called}",
        "type": kind,
        "custom": True,
        "inputs": inputs,
    }


def document(
    *operations: tuple[str, dict[str, Any]], resources: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any]:
    pending = [{"type": kind, "resource": each} for kind, each in operations]
    deployment = {"resources": [STACK, *resources], "pending_operations": pending, "metadata": {}}
    return {"version": 3, "deployment": deployment}


def test_a_create_whose_id_was_noted_joins_the_state() -> None:
    key = resource("aws:kms/key:Key", "k", description="d")
    settled = settle(document(("creating", key)), {key["urn"]: "1234"})
    assert settled.document["deployment"]["resources"] == [STACK, {**key, "id": "1234", "outputs": {}}]
    assert "pending_operations" not in settled.document["deployment"]
    assert settled.document["deployment"]["metadata"] == {}
    assert settled.adopted == ((key["urn"], "1234"),)


def test_a_create_whose_id_is_its_name_joins_the_state_without_a_note() -> None:
    bucket = resource("aws:s3/bucket:Bucket", "b", bucket="paintbox-backups")
    assert settle(document(("creating", bucket)), {}).adopted == ((bucket["urn"], "paintbox-backups"),)


def test_a_create_of_which_nothing_is_known_is_dropped() -> None:
    key = resource("aws:kms/key:Key", "k")
    unnamed = resource("aws:s3/bucket:Bucket", "b")
    settled = settle(document(("creating", key), ("creating", unnamed)), {})
    assert settled.dropped == (key["urn"], unnamed["urn"])
    assert settled.document["deployment"]["resources"] == [STACK]


def test_a_replacement_leaves_the_object_it_replaces_in_the_state() -> None:
    old = {**resource("aws:s3/bucket:Bucket", "b", bucket="old"), "id": "old"}
    new = resource("aws:s3/bucket:Bucket", "b", bucket="new")
    settled = settle(document(("creating", new), resources=(old,)), {new["urn"]: "new"})
    assert settled.document["deployment"]["resources"] == [STACK, old]
    assert settled.dropped == (new["urn"],)


def test_updates_and_deletes_are_left_to_the_refresh() -> None:
    role = {**resource("aws:iam/role:Role", "r", name="r"), "id": "r"}
    settled = settle(document(("updating", role), ("deleting", role), resources=(role,)), {})
    assert settled.looked_at == (role["urn"], role["urn"])
    assert settled.document["deployment"]["resources"] == [STACK, role]


def test_notes_are_read_up_to_a_line_that_was_cut_off(tmp_path: Path) -> None:
    notes = tmp_path / "created.jsonl"
    assert read_created(notes) == {}
    notes.write_text('{"urn": "a", "id": "1"}\n{"urn": "a", "id": "2"}\n"no note"\n{"urn": "b", "i')
    assert read_created(notes) == {"a": "2"}
