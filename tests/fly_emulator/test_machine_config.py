"""Pure rules of a machine's configuration: sizes, durations, check names, environment, the log's bound."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from localcloud.fly.machines.check_specs import specs_of
from localcloud.fly.machines.config_defaults import complete
from localcloud.fly.machines.durations import seconds_of
from localcloud.fly.machines.guests import guest_of_size
from localcloud.fly.machines.machine_log import append_log, log_path, read_log
from localcloud.fly.machines.signals import stop_signal
from localcloud.fly.wire_error import WireError
from tests.fly_emulator.machine_world import DEMO, LIGHT, MachineWorld


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("10s", 10),
        ("1m30s", 90),
        ("250ms", 0.25),
        ("1.5h", 5400),
        ("5", 5),
        (7, 7),
        (15_000_000_000, 15),
        (None, 3),
    ],
)
def test_durations_are_go_texts_seconds_or_nanoseconds(value: object, seconds: float) -> None:
    assert seconds_of(value, 3) == pytest.approx(seconds)


@pytest.mark.parametrize("value", ["soon", "-1s", "1s ", -1, True, [], "s"])
def test_what_is_no_duration_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="invalid duration"):
        seconds_of(value, 3)


def test_presets_are_the_smallest_memory_of_their_cpus() -> None:
    assert guest_of_size("shared-cpu-4x") == {"cpu_kind": "shared", "cpus": 4, "memory_mb": 1024}
    assert guest_of_size("performance-2x") == {"cpu_kind": "performance", "cpus": 2, "memory_mb": 4096}
    for size in ("shared-cpu-3x", "huge", "performance-"):
        with pytest.raises(WireError):
            guest_of_size(size)


@pytest.mark.parametrize(
    "guest",
    [
        {"cpu_kind": "shared", "cpus": 1, "memory_mb": 300},
        {"cpu_kind": "shared", "cpus": 2, "memory_mb": 256},
        {"cpu_kind": "performance", "cpus": 1, "memory_mb": 2560},
        {"cpu_kind": "performance", "cpus": 1, "memory_mb": 16384},
        {"cpu_kind": "quantum", "cpus": 1, "memory_mb": 256},
    ],
)
def test_a_guest_fly_does_not_sell_is_refused(guest: dict[str, Any]) -> None:
    with pytest.raises(WireError) as refused:
        complete({"image": LIGHT, "guest": guest})
    assert (refused.value.status, "config.guest" in refused.value.error) == (400, True)


def test_a_guest_given_in_part_is_completed_and_the_given_config_stays_as_it_is() -> None:
    given = {"image": LIGHT, "guest": {"cpus": 2}}
    assert complete(given)["guest"] == {"cpu_kind": "shared", "cpus": 2, "memory_mb": 512}
    assert given == {"image": LIGHT, "guest": {"cpus": 2}}
    performance = complete({"image": LIGHT, "guest": {"cpu_kind": "performance", "memory_mb": 4096}})
    assert performance["guest"] == {"cpu_kind": "performance", "cpus": 1, "memory_mb": 4096}


def test_completing_twice_changes_nothing() -> None:
    once = complete({"image": LIGHT, "size": "shared-cpu-2x", "services": [{"autostop": "suspend"}]})
    assert complete(once) == once


def test_check_names_count_through_services_and_use_their_port() -> None:
    config = {
        "services": [
            {"internal_port": 8080, "checks": [{"type": "http"}, {"type": "tcp", "port": 9090}]},
            {"internal_port": 5432, "checks": [{"type": "tcp", "interval": "3s"}]},
        ],
        "checks": {"alive": {"type": "http", "port": 8080, "path": "/up", "grace_period": "1m"}},
    }
    specs = specs_of(config)
    assert [spec.name for spec in specs] == [
        "servicecheck-00-http-8080",
        "servicecheck-01-tcp-9090",
        "servicecheck-02-tcp-5432",
        "alive",
    ]
    assert [spec.service_port for spec in specs] == [8080, 8080, 5432, None]
    assert (specs[2].interval_s, specs[3].grace_s, specs[3].path) == (3, 60, "/up")


def test_only_signals_that_stop_may_stop() -> None:
    assert (stop_signal(None), stop_signal("SIGTERM")) == (2, 15)
    with pytest.raises(WireError):
        stop_signal("SIGSTOP")


def test_a_log_is_bounded_and_keeps_its_newest_lines(machines: MachineWorld, tmp_path: Path) -> None:
    machine = machines.record(machines.create(image=DEMO)["id"])
    at = datetime(2026, 9, 1, tzinfo=UTC)
    for number in range(1500):
        append_log(tmp_path, machine, f"{number} {'x' * 1000}", level="info", at=at)
    assert log_path(tmp_path, machine.id).stat().st_size <= 512 * 1024
    lines = read_log(tmp_path, machine.id)
    assert lines[-1].message.startswith("1499 ")
    assert (lines[0].instance, lines[0].region, lines[0].timestamp) == (
        machine.id,
        "iad",
        "2026-09-01T00:00:00.000000Z",
    )
    assert read_log(tmp_path, "unknown") == []
