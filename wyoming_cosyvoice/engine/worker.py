"""The one thread in which the model runs."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")
_Job = tuple["Callable[[], object]", "asyncio.Future[object]"]


class Worker:
    """Run blocking calls sequentially in a separate thread.

    Unlike the threads of concurrent.futures, this one is a daemon: at exit the
    interpreter would wait for them, so a hanging network would block the exit.

    ``run`` and ``stop`` are called from one event loop only.
    """

    def __init__(self, name: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def run(self, call: Callable[[], _Result]) -> asyncio.Future[_Result]:
        """Run ``call`` in the thread; return a future with its result or exception."""
        future: asyncio.Future[_Result] = self._loop.create_future()
        # The waiter may be gone when the call ends; then there is no one to report the
        # failure to.
        future.add_done_callback(_retrieve)
        self._jobs.put((call, future))  # type: ignore[arg-type]
        return future

    def stop(self) -> None:
        """Stop the thread after all submitted calls."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            call, future = job
            result: object = None
            error: BaseException | None = None
            try:
                result = call()
            # Every exception must reach the waiter, or it would hang.
            except BaseException as caught:  # noqa: BLE001
                error = caught
            # If the loop was closed meanwhile, there are no waiters.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(_settle, future, result, error)
            # Drop references to the last call while the thread waits.
            del job, call, future, result, error


# Futures do not accept the first; the others would stop the event loop.
_NOT_FOR_FUTURES = (
    StopIteration,
    SystemExit,
    KeyboardInterrupt,
    asyncio.CancelledError,
)


def _retrieve(future: asyncio.Future[_Result]) -> None:
    if not future.cancelled():
        future.exception()


def _settle(
    future: asyncio.Future[object], result: object, error: BaseException | None
) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    elif isinstance(error, _NOT_FOR_FUTURES):
        future.set_exception(
            RuntimeError(f"The worker failed with {type(error).__name__}.")
        )
    else:
        future.set_exception(error)
