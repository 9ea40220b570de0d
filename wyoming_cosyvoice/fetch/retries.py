"""Retries: how often, and how long to wait in between."""

from __future__ import annotations

import logging
import random
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import DownloadError
from wyoming_cosyvoice.fetch.transport import CONNECT_AND_READ_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.cancel import CancelToken

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Timeouts and number of attempts."""

    tries: int = 5
    """Consecutive attempts without a new byte."""
    first_wait_s: float = 2.0
    longest_wait_s: float = 60.0
    silence_s: float = CONNECT_AND_READ_S
    """Maximum time without data from the server."""


def with_retries(
    attempt: Callable[[], None],
    *,
    retry: RetryPolicy,
    cancel: CancelToken,
    position: Callable[[], int] = lambda: 0,
) -> None:
    """Call ``attempt`` until it succeeds, fails permanently or makes no progress.

    Raises: DownloadError of the last attempt, SynthesisCancelled.
    """
    failures, reached = 0, position()
    while True:
        cancel.raise_if_cancelled()
        try:
            attempt()
        except DownloadError as error:
            if not error.retryable:
                raise
            if position() > reached:
                failures, reached = 0, position()
            failures += 1
            if failures >= retry.tries:
                raise
            wait_s = min(retry.first_wait_s * 2 ** (failures - 1), retry.longest_wait_s)
            # Random delays: many clients of one server should not retry simultaneously.
            wait_s *= random.uniform(0.75, 1.0)  # noqa: S311
            _LOGGER.warning("%s Trying again in %.1f s.", error.message, wait_s)
            sleep(wait_s, cancel)
        else:
            return


def sleep(seconds: float, cancel: CancelToken) -> None:
    """Wait, or return early when cancelled.

    Raises: SynthesisCancelled.
    """
    is_over = threading.Event()
    cancel.on_cancel(is_over.set)
    try:
        is_over.wait(seconds)
    finally:
        cancel.on_cancel(None)
    cancel.raise_if_cancelled()
