"""Machine configs the rules are tried on."""

from __future__ import annotations

from typing import Any

DIGEST = "sha256:" + "a" * 64


def web_config(**changes: Any) -> dict[str, Any]:
    """A config of a web machine with nothing wrong; `changes` replace top-level keys."""
    config: dict[str, Any] = {
        "image": f"registry.fly.io/web@{DIGEST}",
        "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 512},
        "env": {"PORT": "8080", "EMPTY": ""},
        "metadata": {"fly_platform_version": "v2", "fly_process_group": "web"},
        "services": [web_service()],
        "checks": {"alive": {"type": "tcp", "port": 8080, "interval": "15s"}},
        "restart": {"policy": "always"},
        "stop_config": {"signal": "SIGTERM", "timeout": "10s"},
    }
    return {**config, **changes}


def web_service(**changes: Any) -> dict[str, Any]:
    """A service behind the proxy with one gating check."""
    service: dict[str, Any] = {
        "protocol": "tcp",
        "internal_port": 8080,
        "autostop": "stop",
        "autostart": True,
        "ports": [{"port": 443, "handlers": ["tls", "http"]}, {"port": 80, "handlers": ["http"]}],
        "checks": [{"type": "http", "path": "/health", "interval": "10s", "timeout": "2s"}],
    }
    return {**service, **changes}
