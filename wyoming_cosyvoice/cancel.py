"""Cancellation of work in another thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import SynthesisCancelled

if TYPE_CHECKING:
    from collections.abc import Callable


class CancelToken:
    """A flag that the pipeline checks between steps.

    ``cancel`` may be called from any thread and more than once. Work that cannot check
    it, such as a running network, registers a callback with ``on_cancel``.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._callback: Callable[[], None] | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether the work should stop."""
        return self._is_cancelled

    def cancel(self) -> None:
        """Ask the work to stop."""
        with self._lock:
            self._is_cancelled = True
            callback = self._callback
        if callback is not None:
            callback()

    def on_cancel(self, callback: Callable[[], None] | None) -> None:
        """Call ``callback`` once when the token is cancelled; None removes it."""
        with self._lock:
            self._callback = callback
            is_late = self._is_cancelled and callback is not None
        if is_late and callback is not None:
            callback()

    def raise_if_cancelled(self) -> None:
        """Raise SynthesisCancelled if the work should stop."""
        if self._is_cancelled:
            raise SynthesisCancelled
