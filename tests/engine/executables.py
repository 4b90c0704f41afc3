"""Small executables put where the bootstrap looks for real ones: a `pulumi`, a `go`, a `python`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


def put_executable(path: Path, body: str) -> Path:
    """Write a shell script and make it executable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def put_pulumi(directory: Path, version: str, *, host: bool = True) -> Path:
    """Put a `pulumi` that says a version, and unless told otherwise a language host beside it."""
    put_executable(directory / "pulumi", f"echo {version}")
    if host:
        put_executable(directory / "pulumi-language-python", "echo 1")
        put_executable(directory / "pulumi-language-python-exec", "true")
    return directory


@dataclass(frozen=True, slots=True, kw_only=True)
class PretendGo:
    """A `go` that builds at once: it notes how it was called and makes a `pulumi` that says a version."""

    directory: Path
    log: Path

    @classmethod
    def put(
        cls,
        directory: Path,
        *,
        go_version: str = "go1.26.0",
        makes: str = "v3.250.0",
        on_list: str = "true",
        on_build: str = "true",
    ) -> PretendGo:
        """Put it; `on_list` and `on_build` are shell commands that run first and may fail or wait."""
        sdk = directory.parent / "sdk-module"
        executor = sdk / "python" / "cmd" / "pulumi-language-python-exec"
        executor.parent.mkdir(parents=True, exist_ok=True)
        executor.write_text("# runs one program\n")
        log = directory.parent / "go.log"
        log.touch()
        put_executable(
            directory / "go",
            f"""
echo "$*" >>"{log}"
case "$1 $2" in
"env GOVERSION") echo {go_version} ;;
"env -json") printf '{{"GOPROXY": "%s", "GOCACHE": ""}}' "$GOPROXY" ;;
"version "*) echo "go version {go_version} pretend/pretend" ;;
"list "*) {on_list} && echo "one\ntwo" ;;
"mod "*) printf '{{"Dir": "%s"}}' "{sdk}" ;;
"build "*)
    {on_build} || exit 1
    env >"{log}.env"
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\necho {makes}\\n' >"$2"
    chmod +x "$2" ;;
esac""",
        )
        return cls(directory=directory, log=log)

    def calls(self, verb: str) -> int:
        """Return how often a subcommand was called."""
        return sum(line.split()[0] == verb for line in self.log.read_text().splitlines())

    def build_environment(self) -> dict[str, str]:
        """Return the environment the last finished build ran in."""
        lines = Path(f"{self.log}.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)
