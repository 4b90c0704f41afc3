"""`lifeboat cloud fault db` and its neighbours, against the real local cloud with a real database in it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from localcloud.commands.cloud import cloud
from localcloud.commands.setting import Setting
from localcloud.postgres.fault_spec import FaultKind
from tests.stack.conftest import Ran, run_command
from tests.stack.databases import REGION, answers, cloud_with_database, connect, described, rds, status_of
from tests.waiting import soon

AT_MAIN = ("--database", "main", "--region", REGION)


@pytest.fixture(scope="module")
def running() -> Iterator[Setting]:
    """Run a cloud with one database for all tests that take their faults back."""
    with cloud_with_database() as setting:
        yield setting


@pytest.fixture
def setting(running: Setting) -> Iterator[Setting]:
    yield running
    assert run_command(cloud, running, "fault", "clear").exit_code == 0
    assert soon(lambda: answers(running.home), 60), words_of_databases(running)


def words_of_databases(setting: Setting) -> str:
    """Return how the databases are, and what their service said."""
    log = (setting.home.cloud.root / "databases.log").read_text()
    return run_command(cloud, setting, "status").stdout + status_of(setting.home) + log[-4000:]


def fault(setting: Setting, *words: str) -> Ran:
    return run_command(cloud, setting, "fault", *words)


def test_a_fault_of_a_database_says_what_it_does_is_listed_and_can_be_cleared(setting: Setting) -> None:
    frozen = fault(setting, "db", "freeze", *AT_MAIN)
    assert frozen.stdout == (
        "databases-1: freeze at database main in us-west-1:"
        " its server stands still: connections are taken and nobody answers\n"
    )
    assert fault(setting, "list").stdout == frozen.stdout
    assert not answers(setting.home)
    assert fault(setting, "clear", "databases-1").stdout == "1 faults cleared\n"
    assert soon(lambda: answers(setting.home))


def test_what_is_over_at_once_is_not_listed(setting: Setting) -> None:
    assert fault(setting, "db", "crash", *AT_MAIN).stdout.endswith("(nothing to clear)\n")
    assert fault(setting, "list").stdout == "no faults\n"
    assert soon(lambda: answers(setting.home), 30)


def test_damage_says_what_it_hit(setting: Setting) -> None:
    with connect(setting.home) as connection:
        connection.execute("create table doomed as select 7 as answer")
    said = fault(setting, "db", "corrupt", *AT_MAIN).stdout
    assert "at database main in us-west-1, page 0 of public.doomed in database app: a page of" in said
    assert soon(lambda: answers(setting.home))
    with (
        connect(setting.home) as connection,
        pytest.raises(psycopg.errors.DataCorrupted, match="invalid page"),
    ):
        connection.execute("table doomed")


def test_a_full_storage_is_shown_until_it_is_cleared(setting: Setting) -> None:
    said = fault(setting, "db", "fill", *AT_MAIN, "--left-bytes", "0").stdout
    assert "fill at database main in us-west-1: its storage is taken up" in said
    assert soon(lambda: status_of(setting.home) == "storage-full", 30)
    fault(setting, "clear")
    assert soon(lambda: status_of(setting.home) == "available", 60)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("freeze", "--database", "nope", "--region", REGION), "there is no database nope in us-west-1"),
        (("melt", *AT_MAIN), "'freeze'"),
        (("clock", *AT_MAIN), "not supported by the local cloud: a server takes its time from this machine"),
        (("freeze", "--region", REGION), "needs an identifier"),
        (("replica_link", *AT_MAIN), "is no replica"),
        (("cut", *AT_MAIN, "--new", "vanish"), "'hang' or 'refuse'"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_exit_code_of_a_wrong_value(
    setting: Setting, words: tuple[str, ...], said: str
) -> None:
    refused = fault(setting, "db", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr


def test_a_region_is_cut_off_as_long_as_anybody_says_so(setting: Setting) -> None:
    cut = fault(setting, "db", "--region", REGION, "cut", "--new", "refuse", "--existing", "reset")
    assert cut.stdout.endswith("cut at all databases in us-west-1: no traffic gets through\n")
    assert not answers(setting.home)
    aws = fault(setting, "add", "--region", REGION, "--json").data
    assert len(fault(setting, "list").stdout.splitlines()) == 2
    fault(setting, "clear", f"aws-{aws['id']}")
    assert not answers(setting.home)
    fault(setting, "clear")
    assert answers(setting.home)


def test_a_region_that_aws_cuts_off_takes_its_databases_with_it(setting: Setting) -> None:
    endpoint = described(setting.home)["Endpoint"]
    fault(setting, "add", "--region", "us-east-2")
    assert answers(setting.home), "it is in another region"
    fault(setting, "add", "--region", REGION)
    # AWS there tells nobody anything any more, so the client has to know where to.
    with pytest.raises(psycopg.OperationalError, match="timeout expired"):
        psycopg.connect(host=endpoint["Address"], port=endpoint["Port"], dbname="app", connect_timeout=2)
    fault(setting, "clear")
    assert answers(setting.home)


def test_status_tells_how_many_databases_are_in_which_state(setting: Setting) -> None:
    assert "databases: 1 (1 available)\n" in run_command(cloud, setting, "status").stdout
    fault(setting, "db", "down", *AT_MAIN)
    assert run_command(cloud, setting, "status", "--json").data["databases"] == {"rebooting": 1}
    fault(setting, "clear")
    assert soon(lambda: status_of(setting.home) == "available", 60)
    rds(setting.home).stop_db_instance(DBInstanceIdentifier="main")
    assert soon(lambda: "databases: 1 (1 stopped)\n" in run_command(cloud, setting, "status").stdout, 60)
    rds(setting.home).start_db_instance(DBInstanceIdentifier="main")


def test_coverage_names_every_fault_and_what_cannot_be_done(setting: Setting) -> None:
    found = run_command(cloud, setting, "coverage", "databases", "--json").data
    assert set(found["faults"]) == {kind.value for kind in FaultKind}
    assert all(found["faults"].values()), "each says what it does"
    assert "  freeze: its server stands still" in run_command(cloud, setting, "coverage", "databases").stdout
