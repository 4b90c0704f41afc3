"""The language host's answers to the engine: one method per request of the LanguageRuntime protocol.

Deciding lies in the neighbouring modules; here processes run and their ends are reported. What only code
generators ask for (GenerateProgram and its kin) is answered with UNIMPLEMENTED.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from pulumi.runtime.proto import language_pb2, plugin_pb2

from .children import Children, Stream
from .commands import plugin_arguments, plugin_variables, program_arguments, program_variables
from .inventory import Inventory, interpreter_of
from .reporting import Context, reporting

VERSION = "1.0.0"
_ERROR_SHOWN = 32  # the executor's exit code when the user has seen the error already


class LanguageHost(Inventory):
    """Runs Python programs, policy packs and plugins for one engine.

    Args:
        engine: the engine's gRPC address; a handshake may replace it.
        executor: the script that runs one program.
    """

    def __init__(self, *, engine: str, executor: Path) -> None:
        super().__init__(Children())
        self._engine = engine
        self._executor = executor
        self._plugins = Children()

    async def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, _context: Context
    ) -> language_pb2.LanguageHandshakeResponse:
        """Note the engine's address; only an engine that attaches to a running host sends one here."""
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    async def GetPluginInfo(self, _request: Empty, _context: Context) -> plugin_pb2.PluginInfo:
        """Return this host's own version."""
        return plugin_pb2.PluginInfo(version=VERSION)

    async def Run(self, request: language_pb2.RunRequest, context: Context) -> language_pb2.RunResponse:
        """Run a program to its end; what it prints goes where the engine reads this host's output."""
        async with reporting(context):
            interpreter = interpreter_of(request.info)
            arguments = program_arguments(request, engine=self._engine, executor=self._executor)
            async with self._programs.running(
                [str(interpreter.executable), *arguments],
                environment={**interpreter.environment(os.environ), **program_variables(request)},
                directory=Path(request.pwd or request.info.program_directory),
                captured=False,
            ) as program:
                code = await program.exit_code()
        return _run_response(code)

    async def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: Context
    ) -> AsyncIterator[language_pb2.RunPluginResponse]:
        """Run a policy pack or plugin until it ends, or until the engine cancels the call: then at once."""
        async with reporting(context):
            interpreter = interpreter_of(request.info, private="venv")
            async with self._plugins.running(
                [str(interpreter.executable), *plugin_arguments(request)],
                environment=interpreter.environment(plugin_variables(request) or os.environ),
                directory=Path(request.pwd or request.info.program_directory),
                captured=True,
            ) as plugin:
                async for stream, data in plugin.output():
                    if stream is Stream.STDOUT:
                        yield language_pb2.RunPluginResponse(stdout=data)
                    else:
                        yield language_pb2.RunPluginResponse(stderr=data)
                yield language_pb2.RunPluginResponse(exitcode=await plugin.exit_code())

    async def RuntimeOptionsPrompts(
        self, _request: language_pb2.RuntimeOptionsRequest, _context: Context
    ) -> language_pb2.RuntimeOptionsResponse:
        """Ask nothing: pip is the only toolchain here."""
        return language_pb2.RuntimeOptionsResponse()

    async def Template(
        self, _request: language_pb2.TemplateRequest, _context: Context
    ) -> language_pb2.TemplateResponse:
        """Leave a new project as its template made it."""
        return language_pb2.TemplateResponse()

    async def Cancel(self, _request: Empty, _context: Context) -> Empty:
        """End programs and installations.

        Plugins live on: the engine cancels them through their own protocol and still needs their answers, and
        each of them ends with its RunPlugin call.
        """
        await self._programs.end_all()
        return Empty()

    async def close(self) -> None:
        """End everything that runs."""
        await asyncio.gather(self._programs.end_all(), self._plugins.end_all(grace_s=0))

    async def _unimplemented(self, request: Message, context: Context) -> Message:
        text = f"{type(request).__name__}: this host runs programs and generates no code"
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, text)
        return Empty()

    GenerateProgram = GenerateProject = GeneratePackage = Pack = Link = _unimplemented


def _run_response(code: int) -> language_pb2.RunResponse:
    if code == 0:
        return language_pb2.RunResponse()
    if code == _ERROR_SHOWN:
        return language_pb2.RunResponse(bail=True)
    ended = f"was ended by signal {-code}" if code < 0 else f"exited with code {code}"
    return language_pb2.RunResponse(error=f"the program {ended}")
