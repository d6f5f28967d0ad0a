"""A rehearsal reaches nothing but this machine, and takes nothing of the user's with it."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from support_local.guarded import Guarded, guarded_python

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy")
SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYREALLOOKING0"


class Trap:
    """A listening port that counts who comes by."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.visits = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def trap() -> Iterator[Trap]:
    trap = Trap()
    yield trap
    trap.close()


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    return guarded_python(tmp_path, SECRET)


def poisoned(home: Path, trap: Trap) -> dict[str, str]:
    """Return the environment of somebody who works with a real account, through a proxy."""
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text(
        "[default]\nregion = eu-central-1\nendpoint_url = https://aws.example.com\n"
        "[profile production]\nregion = eu-central-1\n"
    )
    (home / ".aws" / "credentials").write_text(
        f"[default]\naws_access_key_id = AKIAIOSFODNN7REALISH\naws_secret_access_key = {SECRET}\n"
    )
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7REALISH",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": SECRET,
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": "https://sts.eu-central-1.amazonaws.com",
        "AWS_ENDPOINT_URL_S3": "https://s3.eu-central-1.amazonaws.com",
        **dict.fromkeys(
            ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), trap.url
        ),
        "SOMETHING_SECRET": SECRET,
    }


def test_the_guard_stops_what_leaves_this_machine(guarded: Guarded) -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 443), 1)"
    ended = subprocess.run(
        [guarded.python, "-c", code], env={}, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "192.0.2.1" in guarded.blocked


@pytest.mark.proves("offline")
def test_a_rehearsal_reaches_nothing_but_this_machine(
    guarded: Guarded, trap: Trap, tmp_path: Path
) -> None:
    ended = subprocess.run(
        [guarded.python, "-m", "clarify_local.cli", "rehearse"],
        cwd=tmp_path,
        env=poisoned(tmp_path / "home", trap),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "PASSED" in ended.stdout
    assert "shadow endpoint: created and deleted" in ended.stdout
    assert guarded.blocked == ""
    assert trap.visits == 0
    # The functions' processes are not among them: like Lambda's, they see no site packages, so no
    # guard either. The trap would see them follow a proxy.
    parts = {
        "clarify_local.cli",
        "clarify_local.emulator",
        "clarify_cdk",
        "clarify_engine",
        "clarify_local.serving.worker",
        "train.py",
    }
    with_secret = [line for line in guarded.started if not line.endswith("| ")]
    assert {p for p in parts if any(p in line for line in guarded.started)} == parts
    assert len(with_secret) == 1, with_secret  # the command itself, and no child of it
    assert "clarify_local.cli" in with_secret[0]
    assert not [
        path
        for path in (tmp_path / "rehearsal").rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]
