"""Rate limiting of log lines that a peer can cause."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging

_LINES = 20
_WINDOW_S = 60.0


class ThrottledLog:
    """Log at most 20 lines per minute, then only the number of suppressed ones."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._window_ends = 0.0
        self._lines = 0

    def log(self, level: int, message: str, *args: object) -> None:
        """Like ``logging.Logger.log``, within the limit."""
        now = time.monotonic()
        if now >= self._window_ends:
            left_out = self._lines - _LINES
            if left_out > 0:
                self._logger.log(level, "%d more such lines were suppressed", left_out)
            self._window_ends = now + _WINDOW_S
            self._lines = 0
        self._lines += 1
        if self._lines <= _LINES:
            self._logger.log(level, message, *args)
