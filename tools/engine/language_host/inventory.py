"""The host's answers about the Python of a program: which it is, what is installed there, installing more."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from .children import Children, Stream
from .distributions import direct, installed
from .installation import Installation
from .interpreter import Interpreter, find_interpreter, virtualenv_of
from .plugins import required_plugins
from .probe import Description, describe
from .reporting import Context, reporting


class Inventory(language_pb2_grpc.LanguageRuntimeServicer):
    """Knows interpreters; each is asked once in the life of a host.

    Args:
        programs: where the commands of an installation run.
    """

    def __init__(self, programs: Children) -> None:
        self._programs = programs
        self._descriptions: dict[Interpreter, Description] = {}

    async def About(self, request: language_pb2.AboutRequest, context: Context) -> language_pb2.AboutResponse:
        """Return which Python a program runs on."""
        async with reporting(context):
            description = await self._describe(request.info)
        return language_pb2.AboutResponse(executable=description.executable, version=description.version)

    async def GetRequiredPlugins(
        self, _request: language_pb2.GetRequiredPluginsRequest, _context: Context
    ) -> language_pb2.GetRequiredPluginsResponse:
        """Return nothing: engines that know GetRequiredPackages do not ask this."""
        return language_pb2.GetRequiredPluginsResponse()

    async def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: Context
    ) -> language_pb2.GetRequiredPackagesResponse:
        """Return the plugins that the program's installed packages stand for."""
        async with reporting(context):
            description = await self._describe(request.info)
            packages = await asyncio.to_thread(required_plugins, description.search_path)
        return language_pb2.GetRequiredPackagesResponse(packages=packages)

    async def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: Context
    ) -> language_pb2.GetProgramDependenciesResponse:
        """Return what is installed for the program, or of that only what nothing else requires."""
        async with reporting(context):
            description = await self._describe(request.info)
            found = await asyncio.to_thread(installed, description.search_path)
        listed = found if request.transitiveDependencies else direct(found)
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=each.name, version=each.version) for each in listed
            ]
        )

    async def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: Context
    ) -> AsyncIterator[language_pb2.InstallDependenciesResponse]:
        """Make the program's virtual environment and install its requirements, telling how it goes."""
        directory = Path(request.info.program_directory or request.directory)
        root = Path(request.info.root_directory or directory)
        async with reporting(context):
            virtualenv = virtualenv_of(options_of(request.info), root)
            installation = Installation(
                virtualenv=virtualenv, directories=(directory, root), directory=directory
            )
            async for stream, data in installation.run(self._programs):
                # One field per stream; a response may carry either.
                said = {"stdout": data} if stream is Stream.STDOUT else {"stderr": data}
                yield language_pb2.InstallDependenciesResponse(**said)
        self._descriptions.clear()

    async def _describe(self, info: language_pb2.ProgramInfo) -> Description:
        interpreter = interpreter_of(info)
        if interpreter not in self._descriptions:
            self._descriptions[interpreter] = await asyncio.to_thread(describe, interpreter)
        return self._descriptions[interpreter]


def interpreter_of(info: language_pb2.ProgramInfo, *, private: str = "") -> Interpreter:
    """Return the interpreter that a program's options ask for.

    Args:
        info: the program.
        private: a directory below its root that serves, where it exists, when the options name none.

    Raises:
        HostFailure: there is no such interpreter, or the options cannot be followed.
    """
    root = Path(info.root_directory)
    virtualenv = virtualenv_of(options_of(info), root)
    if virtualenv is None and private and (root / private).is_dir():
        virtualenv = root / private
    return find_interpreter(virtualenv, os.environ)


def options_of(info: language_pb2.ProgramInfo) -> dict[str, object]:
    """Return `runtime.options` as plain values."""
    return dict(MessageToDict(info.options))
