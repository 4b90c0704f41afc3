"""Every fault of the catalogue has a test that shows the reaction to it."""

from pathlib import Path

from tests.architecture.fault_catalogue import FAULTS, MarkedTest, marked_tests
from tests.architecture.test_sizes import ROOT, python_files


def test_every_fault_has_a_test_that_shows_the_reaction() -> None:
    shown = marked_tests(ROOT)
    assert [f"{fault.id}: {fault.happens}" for fault in FAULTS if fault.id not in shown] == []


def test_no_test_names_a_fault_that_is_not_in_the_catalogue() -> None:
    known = {fault.id for fault in FAULTS}
    assert {id_: tests for id_, tests in marked_tests(ROOT).items() if id_ not in known} == {}


def test_marks_are_found_on_functions_and_on_single_parameter_sets(tmp_path: Path) -> None:
    (tmp_path / "tests" / "room").mkdir(parents=True)
    (tmp_path / "tests" / "room" / "test_it.py").write_text(
        "import pytest\n"
        '@pytest.mark.fault("F01")\n'
        '@pytest.mark.fault("F02")\n'
        "def test_one(): ...\n"
        '@pytest.mark.parametrize("a", [1, pytest.param(2, marks=pytest.mark.fault("F01"))])\n'
        "def test_two(a): ...\n"
        "def test_three(): '@pytest.mark.fault(\"F03\")'\n"
    )
    one, two = (MarkedTest("tests/room/test_it.py", name) for name in ("test_one", "test_two"))
    assert marked_tests(tmp_path) == {"F01": (one, two), "F02": (one,)}


def test_no_room_of_ours_rewinds_a_database() -> None:
    """It may find nothing to do where there is something; what replaces a database is made anew."""
    rewinding = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.relative_to(ROOT).parts[0] in {"infra", "lifeboat", "scripts"}
        and "pg_rewind" in path.read_text()
    ]
    assert rewinding == []
