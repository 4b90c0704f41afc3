"""Failures on their way to the engine, which prints them as they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import grpc
from google.protobuf.message import Message

from .failure import HostFailure

Context: TypeAlias = "grpc.aio.ServicerContext[Message, Message]"
"""The call a request came with."""


@asynccontextmanager
async def reporting(context: Context) -> AsyncIterator[None]:
    """Answer the call with an error when the block meets a condition that the user can repair."""
    try:
        yield
    except HostFailure as failure:
        await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(failure))
    except OSError as error:
        await context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"python cannot be started: {error}")
