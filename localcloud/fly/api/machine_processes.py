"""The processes of a machine as `ps` shows them: `ProcessStat` of Fly's description.

A port of this host that stands for internal ports of the machine is shown as those, on all addresses, as
it looks from inside: flyctl warns about apps that listen anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psutil

Inside = Mapping[tuple[str, int], list[int]]
"""Addresses of this host to the internal ports they stand for."""


def processes_of(pid: int, inside: Inside) -> list[dict[str, Any]]:
    """Return a process and all it started; times in hundredths of a second, sizes in bytes."""
    try:
        main = psutil.Process(pid)
        family = [main, *main.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
    described = (_describe(process, inside) for process in family)
    return [found for found in described if found]


def _describe(process: psutil.Process, inside: Inside) -> dict[str, Any] | None:
    try:
        with process.oneshot():
            times = process.cpu_times()
            return {
                "pid": process.pid,
                "command": " ".join(process.cmdline()),
                "directory": process.cwd(),
                "cpu": int(process.cpu_percent()),
                "rss": process.memory_info().rss,
                "rtime": int(times.user * 100),
                "stime": int(times.system * 100),
                "listen_sockets": _listening(process, inside),
            }
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None


def _listening(process: psutil.Process, inside: Inside) -> list[dict[str, str]]:
    connections = process.net_connections(kind="inet")
    bound = [(one.laddr.ip, one.laddr.port) for one in connections if one.status == psutil.CONN_LISTEN]
    shown: list[str] = []
    for ip, port in bound:
        shown += [f"0.0.0.0:{number}" for number in inside.get((ip, port), ())] or [f"{ip}:{port}"]
    return [{"proto": "tcp", "address": address} for address in shown]
