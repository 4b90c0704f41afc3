"""The gRPC face of a provider: every procedure runs in a thread, every failure becomes a clean status.

Procedures we do not offer (components, mappings, listing, parameters) keep the generated answer
UNIMPLEMENTED.
"""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Executor

from google.protobuf import empty_pb2

from lifeboat.core.errors import LifeboatError
from lifeboat.providerkit.cancellation import Cancellation
from lifeboat.providerkit.engine_log import EngineLog, Severity
from lifeboat.providerkit.failures import PartlyMade
from lifeboat.providerkit.operations import Operations
from lifeboat.providerkit.protos import Message, plugin_pb2, provider_pb2, provider_pb2_grpc
from lifeboat.providerkit.provider import Provider
from lifeboat.providerkit.status import status_of

_Base: Message = provider_pb2_grpc.ResourceProviderServicer


class Servicer(_Base):  # type: ignore[misc]  # the generated base has no types
    """Speaks `pulumirpc.ResourceProvider` for one provider."""

    def __init__(
        self,
        provider: Provider,
        operations: Operations,
        *,
        log: EngineLog,
        cancellation: Cancellation,
        threads: Executor,
    ) -> None:
        self._provider = provider
        self._operations = operations
        self._log = log
        self._cancellation = cancellation
        self._threads = threads

    async def Handshake(self, request: Message, _context: Message) -> Message:
        """Agree on the protocol and learn where the engine listens."""
        self._log.attach(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, supports_autonaming_configuration=True
        )

    async def Attach(self, request: Message, _context: Message) -> Message:
        """Serve an engine that found us through PULUMI_DEBUG_PROVIDERS."""
        self._log.attach(request.address)
        return empty_pb2.Empty()

    async def GetPluginInfo(self, _request: Message, _context: Message) -> Message:
        """Say the provider's version."""
        return plugin_pb2.PluginInfo(version=self._provider.version)

    async def GetSchema(self, _request: Message, _context: Message) -> Message:
        """Say the package schema."""
        return provider_pb2.GetSchemaResponse(schema=self._provider.schema())

    async def Cancel(self, _request: Message, _context: Message) -> Message:
        """Stop every handler that waits."""
        self._cancellation.cancel()
        return empty_pb2.Empty()

    async def CheckConfig(self, request: Message, context: Message) -> Message:
        """Validate the provider's settings."""
        return await self._answer(self._operations.check_config, request, context)

    async def DiffConfig(self, request: Message, context: Message) -> Message:
        """Compare the provider's settings."""
        return await self._answer(self._operations.diff_config, request, context)

    async def Configure(self, request: Message, context: Message) -> Message:
        """Take the provider's settings."""
        return await self._answer(self._operations.configure, request, context)

    async def Invoke(self, request: Message, context: Message) -> Message:
        """Call a function."""
        return await self._answer(self._operations.invoke, request, context)

    async def Check(self, request: Message, context: Message) -> Message:
        """Validate and complete a resource's inputs."""
        return await self._answer(self._operations.check, request, context)

    async def Diff(self, request: Message, context: Message) -> Message:
        """Compare a resource's inputs."""
        return await self._answer(self._operations.diff, request, context)

    async def Create(self, request: Message, context: Message) -> Message:
        """Make an object."""
        return await self._answer(self._operations.create, request, context)

    async def Read(self, request: Message, context: Message) -> Message:
        """Look at an object."""
        return await self._answer(self._operations.read, request, context)

    async def Update(self, request: Message, context: Message) -> Message:
        """Change an object in place."""
        return await self._answer(self._operations.update, request, context)

    async def Delete(self, request: Message, context: Message) -> Message:
        """Remove an object."""
        return await self._answer(self._operations.delete, request, context)

    async def _answer(
        self, work: Callable[[Message], Message], request: Message, context: Message
    ) -> Message:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, request)
        except Exception as error:  # every error becomes a typed status, a bug keeps its trace in the log
            cause = error.__cause__ if isinstance(error, PartlyMade) else error
            if not isinstance(cause, LifeboatError):
                self._record_bug(error, getattr(request, "urn", ""))
            status = status_of(error)
            await context.abort(status.code, status.message, status.trailing_metadata)

    def _record_bug(self, error: Exception, urn: str) -> None:
        trace = "".join(traceback.format_exception(error))
        sys.stderr.write(trace)
        self._log.write(Severity.DEBUG, trace, urn)
