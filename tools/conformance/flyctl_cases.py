"""The commands of flyctl that must work against the emulated Fly, each after what it needs."""

from __future__ import annotations

from collections.abc import Mapping

from tools.conformance.case import Case, Look
from tools.conformance.local_fly import World

APP = "shop"
_IMAGE = f"registry.fly.io/{APP}"
_HOST = "shop.example.com"


def placeholders(world: World) -> dict[str, str]:
    """Return what `{machine}`, `{other}`, `{abroad}`, `{volume}` and `{v6}` stand for now."""
    machines, volumes = world.machines(APP), world.volumes(APP)
    abroad = [one["id"] for one in machines if one["region"] == "ord"]
    at_home = [one["id"] for one in machines if one["region"] == "sjc"]
    ips = [one["ip"] for one in (world.get(f"apps/{APP}/ip_assignments") or {"ips": []})["ips"]]
    return {
        "machine": at_home[0] if at_home else "",
        "abroad": abroad[0] if abroad else "",
        "volume": volumes[0]["id"] if volumes else "",
        "v4": next((ip for ip in ips if ip.startswith("198.51.")), ""),
    }


def _runs(image: str, **counts: int) -> Look:
    """Expect so many started machines per region, all of one image."""

    def look(world: World) -> bool:
        found = world.machines(APP)
        regions = [one["region"] for one in found]
        right = {region: regions.count(region) for region in set(regions)} == counts
        return right and all(one["state"] == "started" and image in one["config"]["image"] for one in found)

    return look


def _guests(wanted: Mapping[str, int]) -> Look:
    def look(world: World) -> bool:
        guests = [one["config"]["guest"] for one in world.machines(APP)]
        return bool(guests) and all(guest[key] == wanted[key] for guest in guests for key in wanted)

    return look


def _state(region: str, state: str) -> Look:
    return lambda world: state in [one["state"] for one in world.machines(APP) if one["region"] == region]


def _secrets(*names: str) -> Look:
    return lambda world: [one["name"] for one in world.get(f"apps/{APP}/secrets")["secrets"]] == [*names]


def _volume(**wanted: object) -> Look:
    def look(world: World) -> bool:
        found = world.volumes(APP)
        return len(found) == 1 and all(found[0][key] == value for key, value in wanted.items())

    return look


def _addresses(count: int) -> Look:
    return lambda world: len(world.get(f"apps/{APP}/ip_assignments")["ips"]) == count


def _certificates(count: int) -> Look:
    return lambda world: world.get(f"apps/{APP}/certificates")["total_count"] == count


def _deploy(tag: str, *options: str) -> str:
    return " ".join(("deploy --image", f"{_IMAGE}:{tag}", "--yes --dns-checks=false", *options))


def _snapshot_done(world: World) -> bool:
    found = world.get(f"apps/{APP}/volumes/{world.volumes(APP)[0]['id']}/snapshots")
    return len(found) == 1 and found[0]["status"] in {"waiting", "running", "created"}


CASES: tuple[Case, ...] = (
    Case(command="platform regions", shows=("sjc", "ord"), hides=("sea",)),
    Case(command="orgs list", shows=("lifeboat",)),
    Case(command=f"apps create {APP} --org lifeboat", shows=(f"New app created: {APP}",)),
    Case(command="apps list", shows=(APP, "pending")),
    Case(
        command=_deploy("v1"),
        shows=("image found", "2001:db8:"),
        hides=("not listening",),
        leaves=_runs(":v1", sjc=2),
    ),
    Case(command="status", shows=(f"{APP}:v1", "1 total, 1 passing")),
    Case(command="checks list", shows=("passing",)),
    Case(command="releases --image", shows=("v1", "complete", f"{_IMAGE}:v1")),
    Case(command=_deploy("v2"), shows=("rolling strategy",), leaves=_runs(":v2", sjc=2)),
    Case(command="releases", shows=("v2", "v1")),
    Case(command="logs --no-tail", shows=("app[", '"event": "start"')),
    Case(command="machine list", shows=(f"{APP}:v2", "started", "1/1")),
    Case(command="machine status {machine}", shows=("sjc", "shared", "started")),
    Case(command="machine stop {machine}", shows=("successfully stopped",), leaves=_state("sjc", "stopped")),
    Case(command="machine start {machine}", shows=("has been started",), leaves=_runs(":v2", sjc=2)),
    Case(command="machine restart {machine}", shows=("restarted successfully",), leaves=_runs(":v2", sjc=2)),
    Case(command="machine exec {machine} pwd", shows=("/",)),
    Case(command="machine clone {machine} --region ord", leaves=_runs(":v2", sjc=2, ord=1)),
    Case(command="machine cordon {abroad}", leaves=_runs(":v2", sjc=2, ord=1)),
    Case(command="machine uncordon {abroad}"),
    Case(command="machine destroy {abroad} --force", shows=("destroyed",), leaves=_runs(":v2", sjc=2)),
    Case(command="scale count 2 --region ord --yes", leaves=_runs(":v2", sjc=2, ord=2)),
    Case(command="scale count 0 --region ord --yes", leaves=_runs(":v2", sjc=2)),
    Case(command="scale memory 512", leaves=_guests({"memory_mb": 512})),
    Case(command="scale vm shared-cpu-2x", leaves=_guests({"cpus": 2})),
    Case(command="scale show", shows=("sjc(2)", "512 MB")),
    Case(command="secrets set A=one B=two --stage", hides=("one",), leaves=_secrets("A", "B")),
    Case(command="secrets list", shows=("A", "B", "Staged"), hides=("one",)),
    Case(command="secrets deploy --dns-checks=false", leaves=_runs(":v2", sjc=2)),
    Case(command="secrets list", shows=("Deployed",), hides=("Staged",)),
    Case(command="secrets set C=three --dns-checks=false", leaves=_secrets("A", "B", "C")),
    Case(command="secrets unset A --stage", leaves=_secrets("B", "C")),
    Case(command=f"certs add {_HOST}", shows=("AAAA", _HOST), leaves=_certificates(1)),
    Case(command="certs list", shows=(_HOST,)),
    Case(command=f"certs check {_HOST}", shows=(_HOST,)),
    Case(command=f"certs remove {_HOST} --yes", leaves=_certificates(0)),
    Case(command="ips list", shows=("2001:db8:", "192.0.2.1"), leaves=_addresses(2)),
    Case(command="ips allocate-v6", leaves=_addresses(3)),
    Case(command="ips allocate-v4 --yes", shows=("198.51.100.",), leaves=_addresses(4)),
    Case(command="ips release {v4}", shows=("Released",), leaves=_addresses(3)),
    Case(command="ips allocate-egress -r sjc --yes", shows=("203.0.113.",), leaves=_addresses(5)),
    Case(command="volumes create data -r sjc -s 1 --yes", leaves=_volume(region="sjc", size_gb=1)),
    Case(command="volumes list", shows=("data", "created")),
    Case(command="volumes extend {volume} -s 2 --yes", leaves=_volume(size_gb=2)),
    Case(command="volumes snapshots create {volume}", leaves=_snapshot_done),
    Case(command="volumes snapshots list {volume}", shows=("vs_",)),
    Case(command="volumes destroy {volume} --yes", leaves=lambda world: not world.volumes(APP)),
    Case(command=_deploy("v3", "--strategy bluegreen"), leaves=_runs(":v3", sjc=2)),
    Case(command="status", shows=(f"{APP}:v3",)),
)

OBSOLETE: tuple[Case, ...] = (
    Case(command="releases list", fails=True, shows=('unknown command "list"',)),
    Case(command="releases rollback v1", fails=True, shows=('unknown command "rollback"',)),
    Case(
        command=_deploy("[VERSION]"), fails=True, shows=("could not find image",), leaves=_runs(":v3", sjc=2)
    ),
    Case(command="regions add sea", fails=True, shows=("no longer supported",)),
    Case(command="regions remove sjc", fails=True, shows=("no longer supported",)),
    Case(command="scale count 3 --region sea --yes", fails=True, leaves=_runs(":v3", sjc=2)),
    Case(command="machine restart", fails=True, shows=("a machine ID must be specified",)),
    Case(command="logs --tail", fails=True, shows=("unknown flag: --tail",)),
    Case(command="logs --limit 100", fails=True, shows=("unknown flag: --limit",)),
    Case(
        command="postgres backup restore --at 2026-01-01T00:00:00Z",
        fails=True,
        shows=("unknown flag: --at",),
    ),
    Case(command="postgres backup restore backup1", fails=True, shows=("no active leader found",)),
    Case(command="ssh console -C ls", fails=True),
    Case(command=f"apps restart {APP}", fails=True),
)

LAST: tuple[Case, ...] = (
    Case(
        command=f"apps destroy {APP} --yes",
        shows=(f"Destroyed app {APP}",),
        leaves=lambda world: not world.machines(APP),
    ),
)
