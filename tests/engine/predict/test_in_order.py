"""Several calls at once: bounded, in order, and never in the way of an end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clarify_engine.predict import in_order


@given(st.lists(st.integers()), st.integers(1, 5))
def test_answers_stand_in_the_order_of_the_questions(items: list[int], workers: int) -> None:
    assert list(in_order(lambda item: item * 2, items, workers)) == [item * 2 for item in items]


def test_as_many_calls_are_under_way_as_there_are_workers() -> None:
    meet = threading.Barrier(3)

    def ask(item: int) -> int:
        meet.wait(timeout=10)  # passes only when three calls stand here at once
        return item

    assert list(in_order(ask, range(6), workers=3)) == list(range(6))


def test_no_more_calls_are_under_way_than_there_are_workers() -> None:
    lock, now, most = threading.Lock(), 0, 0

    def ask(item: int) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        threading.Event().wait(0.002)
        with lock:
            now -= 1
        return item

    assert list(in_order(ask, range(40), workers=3)) == list(range(40))
    assert most <= 3


@pytest.mark.parametrize(("workers", "most"), [(1, 1), (2, 4), (3, 6)])
def test_items_are_taken_a_little_ahead_only(workers: int, most: int) -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for item in range(100):
            taken += 1
            yield item

    answers = in_order(lambda item: item, items(), workers)
    assert next(answers) == 0
    assert taken <= most


@pytest.mark.parametrize("workers", [1, 3])
def test_the_earliest_error_ends_it(workers: int) -> None:
    asked: list[int] = []

    def ask(item: int) -> int:
        asked.append(item)
        if item in (4, 5):
            raise ValueError(item)
        return item

    answers = in_order(ask, range(1000), workers)
    assert [next(answers) for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="4"):
        next(answers)
    assert max(asked) < 20


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_of_the_items_ends_it(workers: int) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        list(in_order(lambda item: item, items(), workers))


def test_threads_end_with_it() -> None:
    before = set(threading.enumerate())
    threads: set[threading.Thread] = set()

    def ask(item: int) -> int:
        threads.add(threading.current_thread())
        return item

    assert list(in_order(ask, range(10), 4)) == list(range(10))
    unfinished = in_order(ask, range(100), 4)
    next(unfinished)
    del unfinished
    assert threads
    assert not threads & before
    for thread in threads | (set(threading.enumerate()) - before):
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_the_calls_are_in_threads_that_keep_no_process_alive() -> None:
    daemons: list[bool] = []
    list(in_order(lambda _: daemons.append(threading.current_thread().daemon), range(4), 2))
    assert daemons == [True] * 4
