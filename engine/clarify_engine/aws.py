"""AWS as the engine uses it: clients made on first use, and errors in plain words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from clarify_engine.errors import AnalysisError

NO_CONNECTION: Final = (NoConnectionError, HTTPClientError)
"""What boto3 raises where the network, and not AWS, refuses."""

_NO_CLIENT = "Could not connect to AWS"
# A model may take 60 seconds to answer; the connection must outlive it.
_INVOKE = Config(read_timeout=70, retries={"total_max_attempts": 1, "mode": "standard"})
_CONTROL = Config(retries={"total_max_attempts": 8, "mode": "standard"})


class Aws:
    """The clients of one analysis; an analysis that needs none creates none.

    Parameters
    ----------
    session
        Whose credentials and region to use. By default boto3's own search for them, made only when
        the first client is needed.
    connections
        How many requests an endpoint is asked at once, at most.
    """

    def __init__(self, session: boto3.Session | None = None, *, connections: int = 10) -> None:
        self._given = session
        self._connections = connections

    @cached_property
    def s3(self) -> Any:
        """Amazon S3."""
        with plain_errors(_NO_CLIENT):
            return self._session.client("s3", config=_CONTROL)

    @cached_property
    def sagemaker(self) -> Any:
        """SageMaker's control plane."""
        with plain_errors(_NO_CLIENT):
            return self._session.client("sagemaker", config=_CONTROL)

    @cached_property
    def runtime(self) -> Any:
        """SageMaker endpoints. Retries are the caller's, who knows which errors are the model's."""
        config = _INVOKE.merge(Config(max_pool_connections=max(self._connections, 10)))
        with plain_errors(_NO_CLIENT):
            return self._session.client("sagemaker-runtime", config=config)

    @cached_property
    def _session(self) -> boto3.Session:
        return self._given or boto3.Session()


@contextmanager
def plain_errors(what: str, *, service: str = "SageMaker", quote: bool = True) -> Iterator[None]:
    """Turn what boto3 raises into an `AnalysisError` that begins with `what`.

    Parameters
    ----------
    what
        What was tried or what failed, in the service's words.
    service
        Which service was called.
    quote
        Whether the text of AWS may be repeated. Not where a model's own words may stand in it.
    """
    try:
        yield
    except NoCredentialsError:
        raise AnalysisError("Execution role is invalid: no credentials were found.") from None
    except ClientError as error:
        raise AnalysisError(f"{what}: {describe(error, quote=quote)}") from None
    except NO_CONNECTION:
        raise AnalysisError(f"{what}: could not connect to {service}.") from None
    except (BotoCoreError, Boto3Error) as error:
        raise AnalysisError(f"{what}: {type(error).__name__}.") from None


def code(error: ClientError) -> str:
    """Return the error code of AWS, such as `AccessDeniedException`."""
    return str(error.response.get("Error", {}).get("Code", "Unknown"))


def describe(error: ClientError, *, quote: bool = True) -> str:
    """Return operation and code, and AWS's own text where it may be repeated."""
    text = str(error.response.get("Error", {}).get("Message", "")) if quote else ""
    return f"{error.operation_name} was refused with {code(error)}. {text}".strip()


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to look again, and for how long.

    Attributes
    ----------
    first
        Seconds before the second look; each later wait is half as long again.
    longest
        Greatest number of seconds between two looks.
    limit
        Seconds after which to give up.
    sleep
        How to wait.
    clock
        Seconds that never go backwards.
    """

    first: float = 1.0
    longest: float = 30.0
    limit: float = 3600.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def rounds(self) -> Iterator[None]:
        """Yield once for each look, waiting in between, until the limit is reached."""
        end = self.clock() + self.limit
        wait = self.first
        while True:
            yield
            if self.clock() + wait > end:
                return
            self.sleep(wait)
            wait = min(wait * 1.5, self.longest)
