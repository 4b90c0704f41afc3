"""Calls to AWS and what their failures mean to a recovery: nobody answered, or somebody said no.

Clients are asked for by service and region, because a recovery works in several and any of them may be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeAlias

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lifeboat.core.errors import LifeboatError, Refused

Clients: TypeAlias = "Callable[[str, str], Any]"
"""Returns the boto3 client of a service in a region."""

# A region that is gone must be known as gone within seconds. A lost answer is never repeated by botocore:
# whether the call did its work is found out by looking.
CONFIG = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1})
_AGAIN = frozenset({"Throttling", "ThrottlingException", "RequestLimitExceeded", "InvalidDBInstanceState"})
_SERVER_FAULT = 500


class NoAnswer(LifeboatError):
    """AWS gave no answer, or asked to come again."""

    exit_code = 3
    meaning = Refused.meaning


class SaidNo(Refused):
    """AWS refused a call.

    Args:
        code: its error code; decisions are made on this.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message, hint=f"AWS's code is {code}")
        self.code = code


def boto_clients(config: Config = CONFIG) -> Clients:
    """Return clients of this process, each made once; any thread may ask.

    Args:
        config: how patient they are.
    """
    import boto3

    made: dict[tuple[str, str], Any] = {}
    making = Lock()

    def client(service: str, region: str) -> Any:  # noqa: ANN401  # boto3 clients have no type
        # Clients may be shared by threads, the session that makes them may not.
        with making:
            if (service, region) not in made:
                made[service, region] = boto3.client(service, region_name=region, config=config)
            return made[service, region]

    return client


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn the failures of the calls in the block into ours.

    Args:
        what: what is asked and of whom, as the start of the message.

    Raises:
        NoAnswer: retryable: no connection, a fault of theirs, too many calls, or an instance that is busy.
        SaidNo: anything else, with its code.
    """
    try:
        yield
    except ClientError as error:
        code = str(error.response["Error"]["Code"])
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        words = f"{what}: {error.response['Error'].get('Message', code)}"
        if code in _AGAIN or status >= _SERVER_FAULT:
            raise NoAnswer(words, retryable=True) from error
        raise SaidNo(words, code=code) from error
    except BotoCoreError as error:
        raise NoAnswer(f"{what}: {type(error).__name__}", retryable=True) from error
