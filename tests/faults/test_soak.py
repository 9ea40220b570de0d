"""The soak tells a server that is well from one that hangs or leaks."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import ROOT


@pytest.fixture
def soaking(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "script")
    from soaking import __main__ as soaking  # noqa: PLC0415

    return soaking


def troubles(soaking: Any, **changes: Any) -> list[str]:
    """Return what is said of a server that holds something else at the end."""
    soak = soaking.Soak(None, None, random.Random(1))
    before = soaking.State(memory_mb=200, threads=7, files=8, sockets=4)
    server = SimpleNamespace(complaints=[])
    return soaking.troubles(soak, server, before, replace(before, **changes))


def test_a_server_that_holds_what_it_held_is_well(soaking: Any) -> None:
    assert troubles(soaking, memory_mb=210, threads=8) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"memory_mb": 300}, "memory grew by 100 MB"),
        ({"threads": 12}, "5 threads more"),
        ({"files": 9}, "left open"),
        ({"sockets": 5}, "left open"),
    ],
)
def test_a_leak_is_found(soaking: Any, changes: dict[str, Any], word: str) -> None:
    (found,) = troubles(soaking, **changes)
    assert word in found


@pytest.mark.parametrize(
    ("computing_s", "waiting_s", "hangs"), [(19, 0, 0), (1, 18, 0), (0.1, 0.2, 1)]
)
def test_a_long_wait_is_a_hang_if_the_server_did_nothing(
    soaking: Any, computing_s: float, waiting_s: float, hangs: int
) -> None:
    now = time.monotonic()
    at_the_end = soaking.Usage(5.0 + computing_s, 1.0 + waiting_s)
    server = SimpleNamespace(usage=lambda: at_the_end)
    soak = soaking.Soak(server, None, random.Random(1))
    soak._usage = [(now - 20.1, soaking.Usage(5.0, 1.0), 1)]
    soak._explain("wyoming, plain", soaking.Watch(stall_s=20.0, stalled_at=now - 20))
    assert len(soak.stalls) == 1
    assert len(soak.hangs) == hangs


@pytest.mark.slow
def test_the_server_is_well_after_a_few_seconds() -> None:
    done = subprocess.run(
        [ROOT / "script/soak", "--minutes", "0.2"],
        env={**os.environ, "VENV": sys.prefix},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "requests in" in done.stdout


@pytest.mark.slow
def test_twelve_rooms_are_served_at_once() -> None:
    """Beside twelve streams whose language models still think."""
    found = subprocess.run(
        [str(ROOT / "script/rooms"), "--rooms", "12", "--idle", "12"],
        env={**os.environ, "VENV": sys.prefix},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "12 of 12 rooms" in found.stdout
