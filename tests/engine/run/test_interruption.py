"""The first signal is raised, once; a held step is not torn."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from clarify_engine.interruption import Interrupted, Interruption, held


def send(number: int = signal.SIGTERM) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_raised_in_the_service_s_words(number: int) -> None:
    words = f"Signal {number:d} received, cleaning up."
    with Interruption(), pytest.raises(Interrupted, match=words):
        send(number)


def test_only_the_first_signal_is_raised() -> None:
    with Interruption():
        with pytest.raises(Interrupted):
            send()
        try:
            send()
            send(signal.SIGINT)
        except Interrupted:
            pytest.fail("a later signal was raised too")


def test_a_held_step_ends_before_the_signal_is_raised() -> None:
    steps = []

    def work() -> None:
        with held():
            send()
            steps.append("held")
        steps.append("not reached")

    with Interruption(), pytest.raises(Interrupted):
        work()
    assert steps == ["held"]


def test_handlers_are_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    with Interruption(), Interruption():
        assert signal.getsignal(signal.SIGTERM) != before[0]
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


def test_an_inner_block_leaves_the_outer_one_in_charge() -> None:
    with Interruption():
        with Interruption():
            pass
        with pytest.raises(Interrupted):
            send()


def test_another_thread_changes_nothing() -> None:
    seen = []

    def work() -> None:
        with Interruption(), held():
            seen.append(signal.getsignal(signal.SIGTERM))

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
