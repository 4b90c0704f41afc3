"""Programs whose use is understood: those with rules, and the everyday ones of every system."""

from __future__ import annotations

import re

from scripts.runbook.command import Command

_WITH_RULES = frozenset(
    (
        *("fly", "flyctl", "aws", "lifeboat", "psql", "pg_dump", "pg_dumpall", "pg_restore", "dropdb"),
        *("pg_resetwal", "docker", "docker-compose", "podman", "rm", "find", "dd", "redis-cli", "git"),
        *("kill", "pkill", "killall"),
    )
)
_OF_EVERY_SYSTEM = frozenset(
    (
        *(".", ":", "[", "[[", "alias", "awk", "basename", "bunzip2", "bzcat", "bzip2", "cat", "cd", "chmod"),
        *("chown", "clear", "cmp", "cp", "curl", "cut", "date", "df", "diff", "dig", "dirname", "du", "echo"),
        *(
            "env",
            "exit",
            "export",
            "false",
            "file",
            "free",
            "grep",
            "egrep",
            "gunzip",
            "gzip",
            "head",
            "host",
        ),
        *("hostname", "htop", "id", "ifstat", "iostat", "jq", "less", "ln", "ls", "lsof", "mkdir", "mktemp"),
        *("more", "mv", "nano", "nc", "netstat", "nslookup", "openssl", "ping", "printenv", "printf", "ps"),
        *("pwd", "read", "return", "sed", "seq", "set", "sha256sum", "shasum", "sleep", "sort", "source"),
        *(
            "ss",
            "ssh",
            "scp",
            "rsync",
            "stat",
            "sudo",
            "tail",
            "tar",
            "tee",
            "test",
            "time",
            "timeout",
            "top",
        ),
        *("touch", "tr", "trap", "true", "type", "uname", "uniq", "unset", "unzip", "uptime", "vi", "vim"),
        *("vmstat", "wait", "watch", "wc", "wget", "which", "who", "whoami", "xargs", "zcat", "zstd"),
        *("bash", "sh", "zsh", "local", "shift", "pg_isready", "createdb", "pgrep", "journalctl", "dmesg"),
    )
)
KNOWN = _WITH_RULES | _OF_EVERY_SYSTEM
"""Programs that are not reported as unchecked."""

_TYPED = _WITH_RULES | frozenset(
    (
        *("make", "npm", "npx", "yarn", "python", "python3", "node", "pm2", "kubectl", "systemctl", "pulumi"),
        *("terraform", "curl", "ssh", "scp", "sudo", "certbot", "bash", "sh", "gunzip", "zcat", "openssl"),
    )
)
_LOOKS_TYPED = re.compile(r"^[\w./$<>\[\]{}:@=-]+$")


def is_command(command: Command) -> bool:
    """Is code inside a sentence, or in a block that does not say its language, meant to be typed?"""
    return command.program in _TYPED and len(command.words) > 1 and bool(_LOOKS_TYPED.match(command.words[1]))
