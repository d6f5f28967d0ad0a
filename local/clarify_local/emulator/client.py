"""Starts an emulator in a child process and gives it orders. Imports no moto."""

from __future__ import annotations

import json
import secrets
import shutil
import string
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import boto3

from clarify_local.emulator.bound_session import BoundSession
from clarify_local.emulator.options import ENGINE, Options
from clarify_local.environment import bare_environment

_STOP_SECONDS = 20.0


class EmulatorFailed(RuntimeError):  # noqa: N818 - it reads as what happened
    """The emulator did not start, or did not understand an order; the message holds its log."""


class Emulator:
    """AWS on loopback, for as long as a ``with`` block.

    The child process inherits nothing of this process' environment, and ends with it. Clients of
    ``session`` reach this emulator and nothing else: endpoint, keys and region are fixed in it, and
    no profile, variable or proxy of the person changes them.

    Parameters
    ----------
    account, region
        The emulated account (12 digits) and the session's region.
    engine
        The program that carries out processing jobs, in place of their images; ``--root <folder>``
        is added. Default: the open analysis engine.
    stop_grace_seconds
        How long a stopped job may clean up before it is killed. SageMaker gives 120.
    max_invocation_bytes
        The largest request body of ``InvokeEndpoint``. Default 6 MiB.

    Examples
    --------
    >>> with Emulator() as emulator:  # doctest: +SKIP
    ...     emulator.session().client("s3").create_bucket(Bucket="data")
    """

    def __init__(
        self,
        *,
        account: str = "123456789012",
        region: str = "us-east-1",
        engine: Sequence[str] = ENGINE,
        stop_grace_seconds: float = 120.0,
        max_invocation_bytes: int = 6 * 1024 * 1024,
    ) -> None:
        alphabet = string.ascii_uppercase + "234567"
        self._options = Options(
            account=account,
            region=region,
            engine=tuple(engine),
            stop_grace_seconds=stop_grace_seconds,
            max_invocation_bytes=max_invocation_bytes,
            access_key="AKIA" + "".join(secrets.choice(alphabet) for _ in range(16)),
            secret_key=secrets.token_urlsafe(30),
            control_token=secrets.token_urlsafe(30),
        )
        self._process: subprocess.Popen[str] | None = None
        self._folder: Path | None = None
        self._endpoint = ""
        self._session: boto3.Session | None = None

    def __enter__(self) -> Emulator:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def account(self) -> str:
        """The emulated account's number."""
        return self._options.account

    @property
    def region(self) -> str:
        """The region of ``session``."""
        return self._options.region

    @property
    def endpoint(self) -> str:
        """``http://localhost:<port>``, for every service."""
        return self._endpoint

    @property
    def process_id(self) -> int:
        """The child process' id."""
        return self._running().pid

    @property
    def log(self) -> str:
        """What the child printed: tracebacks of what failed inside it."""
        path = self._folder / "log" if self._folder else None
        if path is None or not path.is_file():
            return ""
        return path.read_text(encoding="utf-8", errors="replace")

    def environment(self) -> dict[str, str]:
        """Return the variables that turn an AWS tool into one of this emulator's administrator."""
        return {
            "AWS_ENDPOINT_URL": self._endpoint,
            "AWS_ACCESS_KEY_ID": self._options.access_key,
            "AWS_SECRET_ACCESS_KEY": self._options.secret_key,
            "AWS_REGION": self._options.region,
            "AWS_DEFAULT_REGION": self._options.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def session(self) -> boto3.Session:
        """Return the boto3 session with the administrator's keys, bound to this emulator."""
        if self._session is None:
            self._session = BoundSession(self._options, self._endpoint)
        return self._session

    def enforce_iam(self, on: bool = True) -> None:
        """Judge permissions from now on, or no longer. Off at the start."""
        self._order("enforce-iam", on)

    def creating_seconds(self, seconds: float) -> None:
        """Let endpoints that are made from now on stay ``Creating`` that long. 2 at the start."""
        self._order("creating-seconds", seconds)

    def waiting_factor(self, factor: float) -> None:
        """Let retries and Wait states take that part of their time. 1 at the start."""
        self._order("waiting-factor", factor)

    def fail_next_jobs(self, reason: str, count: int = 1) -> None:
        """Let the next jobs fail with a reason, such as ``CapacityError: …``, before they start."""
        self._order("fail-jobs", {"reason": reason, "count": count})

    def refuse_next_jobs(self, code: str, message: str, count: int = 1) -> None:
        """Let the next ``CreateProcessingJob`` calls answer with an error.

        Parameters
        ----------
        code
            Such as ``ResourceLimitExceeded`` or ``ThrottlingException``.
        """
        self._order("refuse-jobs", {"code": code, "message": message, "count": count})

    def build_context(self, image: str, folder: Path) -> None:
        """Tell what an image would be built from, so that jobs run that instead of the engine here.

        Parameters
        ----------
        image
            The address that a job's request names.
        folder
            With a Dockerfile; has to stay while jobs are run.
        """
        self._order("build-context", {"image": image, "folder": str(folder)})

    def give_network(self, network: Mapping[str, Any]) -> None:
        """Make a VPC that a real account has, under its own ids.

        Parameters
        ----------
        network
            ``region``, ``vpc`` (its id), ``cidr``, ``subnets`` (each with ``id``, ``cidr``,
            ``zone`` and ``table``) and ``groups`` (ids of security groups). Its routes and
            endpoints are not known, so what it leads to is not judged.
        """
        self._order("give-network", network)

    def notes(self) -> list[str]:
        """Return what the emulator met so far and left out: resource types, conditions, images."""
        return list(self._order("notes", None))

    def asked(self) -> list[tuple[str, str, str]]:
        """Return every permission that a role was asked for while IAM was enforced.

        Each is the role's ARN, the action and the resource, granted or not.
        """
        return [(role, action, resource) for role, action, resource in self._order("asked", None)]

    def start(self) -> None:
        """Start the child and wait until it answers.

        Raises
        ------
        EmulatorFailed
            It ended before it was ready.
        """
        self._folder = Path(tempfile.mkdtemp(prefix="clarify-emulator-client-"))
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                # -P: the person's folder must not be where Python finds its modules.
                [sys.executable, "-P", "-m", "clarify_local.emulator"],
                cwd=self._folder,
                env=bare_environment(home=self._folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        stdin, stdout = self._pipes()
        ready = ""
        try:
            stdin.write(self._options.to_json() + "\n")
            stdin.flush()
            ready = stdout.readline()
        except BrokenPipeError:
            pass  # said below, with what the child printed
        if not ready:
            code, log_text = self._process.wait(), self.log
            self.stop()
            raise EmulatorFailed(f"the emulator ended with exit code {code}:\n{log_text}")
        self._endpoint = json.loads(ready)["endpoint"]

    def stop(self) -> None:
        """End the child and all that it started. Stopping twice is fine."""
        process, self._process = self._process, None
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _order(self, command: str, argument: Any) -> Any:
        self._running()
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            f"{self._endpoint}/clarify-emulator/{command}",
            data=json.dumps(argument).encode(),
            headers={"X-Clarify-Emulator": self._options.control_token},
        )
        try:
            with _NO_PROXY.open(request, timeout=30) as answer:
                return json.load(answer)["result"]
        except HTTPError as error:
            with error:
                message = json.load(error)["message"]
            raise EmulatorFailed(f"{command}: {message}") from error

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise EmulatorFailed("the emulator is not running; use it in a 'with' block")
        return self._process

    def _pipes(self) -> tuple[Any, Any]:
        process = self._running()
        return process.stdin, process.stdout


_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
