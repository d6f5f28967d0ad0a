"""Several requests under way at once, their answers in the order of the questions."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_LOOK_AHEAD: Final = 2
"""Items taken for each worker: one under way, one that waits while the first answer is awaited."""


def in_order(ask: Callable[[T], R], items: Iterable[T], workers: int) -> Iterator[R]:
    """Yield `ask(item)` for each item, in the order of the items.

    Items are taken one by one as answers are consumed, at most two ahead for each worker, in the
    thread that iterates. With one worker `ask` runs in that thread, too.

    The earliest item that fails ends it with its error. Calls that are then under way are left to
    end by themselves, in threads that keep no process alive: a signal, which Python raises in
    the main thread, is never held up by an answer that does not come.

    Parameters
    ----------
    ask
        What to do with an item; with several workers it runs in several threads.
    items
        The items; an error of the iterable ends it, too.
    workers
        Greatest number of calls under way at once, at least 1.

    Yields
    ------
    object
        What `ask` returned.
    """
    if workers == 1:
        yield from map(ask, items)
        return
    tasks: SimpleQueue[tuple[T, Future[R]] | None] = SimpleQueue()
    over = threading.Event()
    waiting: deque[Future[R]] = deque()
    threads = 0
    try:
        for item in items:
            future: Future[R] = Future()
            tasks.put((item, future))
            waiting.append(future)
            if threads < workers:
                threads += 1
                threading.Thread(target=_work, args=(ask, tasks, over), daemon=True).start()
            if len(waiting) >= _LOOK_AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        over.set()
        for _ in range(threads):
            tasks.put(None)


def _work(
    ask: Callable[[T], R],
    tasks: SimpleQueue[tuple[T, Future[R]] | None],
    over: threading.Event,
) -> None:
    while (task := tasks.get()) is not None and not over.is_set():
        item, future = task
        try:
            future.set_result(ask(item))
        except BaseException as error:  # raised again by whoever waits for it
            future.set_exception(error)
