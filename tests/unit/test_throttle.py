"""Lines that a peer can cause are few, and the rest is counted."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from wyoming_cosyvoice.server.wyoming.throttle import ThrottledLog

if TYPE_CHECKING:
    import pytest


def test_twenty_lines_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    log = ThrottledLog(logging.getLogger("test"))
    for number in range(50):
        log.log(logging.WARNING, "line %d", number)
    now += 61
    log.log(logging.WARNING, "again")
    now += 61
    log.log(logging.WARNING, "and again")
    assert caplog.messages == [
        *(f"line {number}" for number in range(20)),
        "30 more such lines were suppressed",
        "again",
        "and again",
    ]
