"""Fly apps that cannot work, or cannot recover, are refused at the key that has to change."""

import pytest

from tests.unit.infra.texts import ABSENT, changed, config_of, problems_of

APP = "fly.apps.web"
GROUP = f"{APP}.groups.app"


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (f"{GROUP}.fallback_regions", ["sea"], "[0]: fly region 'sea' was retired; the nearest is 'sjc'"),
        (f"{GROUP}.fallback_regions", ["ord"], "[0]: 'ord' is a region of topology.fly_regions already"),
        (f"{GROUP}.size", "shared-cpu-3x", ": unknown size 'shared-cpu-3x'; did you mean 'shared-cpu-8x'?"),
        (f"{GROUP}.memory_mib", 700, ": 700 MB is not a multiple of 256 MB, the step of shared cpus"),
        (f"{GROUP}.standbys", 0, ": must be at least 1; it is protected"),
        (
            f"{GROUP}.count",
            1,
            ": must be at least 2: one machine is down with its host; it is protected",
        ),
        (f"{GROUP}.service.soft_limit", 300, ": is above hard_limit"),
        (
            f"{APP}.image",
            "registry.fly.io/paintbox-app:v1",
            ": must name a digest; this environment is protected",
        ),
        (f"{APP}.secrets", ["jwt"], "[0]: no secret 'jwt' in secrets; known are database-master,"),
        (
            f"{APP}.secrets",
            ["database-master"],
            "[0]: secret 'database-master' has no fly_name to be received under",
        ),
        ("secrets.3.fly_name", "NODE_ENV", "fly.apps.web.env.NODE_ENV: is the fly_name of a secret as well"),
        (f"{APP}.certificates", ["a.example.com", "a.example.com"], ": 'a.example.com' is there twice"),
        ("secrets.1.fly_template", "postgresql://{database}/x", ": must hold {value} once"),
    ],
)
def test_an_app_is_checked_before_anything_exists(path: str, value: object, line: str) -> None:
    key = "" if line.startswith("fly.") else path.replace("secrets.1", "secrets[1]")
    assert problems_of(changed("production", (path, value)))[0].startswith(f"{key}{line}")


def test_a_template_is_for_apps() -> None:
    assert problems_of(changed("production", ("secrets.1.fly_name", ABSENT))) == [
        "secrets[1].fly_template: is for apps, but there is no fly_name"
    ]


@pytest.mark.parametrize(
    ("position", "role", "line"),
    [
        (1, "paintbox_owner", "secrets[1].database_role: is the master user"),
        (2, "paintbox_app", "secrets[2].database_role: 'paintbox_app' is there twice"),
    ],
)
def test_a_role_has_one_secret_and_is_not_the_master(position: int, role: str, line: str) -> None:
    ours = ("secrets.1.database_role", "paintbox_app")
    assert problems_of(changed("production", ours, (f"secrets.{position}.database_role", role))) == [line]


def test_two_apps_cannot_have_one_name() -> None:
    path = "fly.apps.worker.name"
    assert problems_of(changed("prep", (path, "prep-api")), "prep") == [f"{path}: 'prep-api' is there twice"]


def test_a_volume_cannot_follow_a_fallback() -> None:
    path = f"{GROUP}.fallback_regions"
    (line,) = problems_of(changed("proofkit", (path, ["ams"])), "proofkit")
    assert line == f"{path}: a volume cannot follow a machine to another region; leave the fallbacks out"


def test_two_groups_cannot_share_a_name_of_volumes() -> None:
    disk = {"name": "evidence", "size_gib": 1, "path": "/data"}
    other = {"count": 2, "standbys": 2, "size": "shared-cpu-1x", "volume": disk}
    lines = problems_of(changed("proofkit", (f"{APP}.groups.other", other)), "proofkit")
    assert [line.partition(":")[0] for line in lines] == [
        f"{APP}.groups.{name}.volume.name" for name in ("app", "other")
    ]


def test_egress_addresses_need_a_database_they_may_reach() -> None:
    assert problems_of(changed("local", (f"{APP}.egress", True)), "local") == [
        "network.reach: is private; static egress addresses of fly apps are public"
    ]
    assert problems_of(changed("template-app", (f"{APP}.egress", True)), "template-app") == [
        f"{APP}.egress: admits the app to a database, and there is none; leave it out"
    ]


def test_a_digest_is_no_secret_and_a_template_no_password() -> None:
    assert "@sha256:" in (config_of("production").fly.apps["web"].image)  # type: ignore[union-attr]  # it has one
    leaked = changed("production", ("secrets.1.fly_template", "postgresql://app:hunter2@{database}/x{value}"))
    assert any("looks like a secret value" in line for line in problems_of(leaked))
