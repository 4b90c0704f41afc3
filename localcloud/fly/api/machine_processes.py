"""The processes of a machine as `ps` shows them: `ProcessStat` of Fly's description."""

from __future__ import annotations

from typing import Any

import psutil


def processes_of(pid: int) -> list[dict[str, Any]]:
    """Return a process and all it started; times in hundredths of a second, sizes in bytes."""
    try:
        main = psutil.Process(pid)
        family = [main, *main.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
    return [found for found in map(_describe, family) if found]


def _describe(process: psutil.Process) -> dict[str, Any] | None:
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
                "listen_sockets": _listening(process),
            }
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None


def _listening(process: psutil.Process) -> list[dict[str, str]]:
    connections = process.net_connections(kind="inet")
    return [
        {"proto": "tcp", "address": f"{connection.laddr.ip}:{connection.laddr.port}"}
        for connection in connections
        if connection.status == psutil.CONN_LISTEN
    ]
