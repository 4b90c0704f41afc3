"""A language host as a process of its own, spoken to as the engine does: over gRPC, stdin held open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from tests.engine.bootstrap import ROOT, TIMEOUT_S

ENGINE = "127.0.0.1:7"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningHost:
    """The process and a client of it."""

    process: subprocess.Popen[str]
    calls: language_pb2_grpc.LanguageRuntimeStub

    def end(self) -> tuple[int, str, str]:
        """Let go of its stdin, as a dying engine does; return exit code, the rest of stdout, stderr."""
        output, errors = self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode, output, errors


@contextmanager
def running_host(executor: Path, *flags: str) -> Iterator[RunningHost]:
    """Start a host and wait for its port line."""
    with subprocess.Popen(
        [sys.executable, "-m", "tools.engine.language_host", "--executor", str(executor), *flags, ENGINE],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield RunningHost(process=process, calls=language_pb2_grpc.LanguageRuntimeStub(channel))
        finally:
            if process.poll() is None:
                process.kill()


def a_program(directory: Path, **options: object) -> language_pb2.ProgramInfo:
    """Return a program in `directory` with runtime options."""
    struct = Struct()
    struct.update(options)
    return language_pb2.ProgramInfo(
        root_directory=str(directory),
        program_directory=str(directory),
        entry_point=".",
        options=struct,
    )
