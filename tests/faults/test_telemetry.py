"""No process of ours lets ONNX Runtime upload telemetry; seen from outside it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = (sys.executable, "-m", "wyoming_cosyvoice")


@pytest.fixture
def outside(tmp_path):
    """Return the environment of a user who set nothing, with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    kept.pop("XDG_CACHE_HOME", None)
    return {**kept, "HOME": str(home), "WYOMING_COSYVOICE_DATA_DIR": str(tmp_path)}


def test_the_server_has_it_off_before_the_import(outside, tmp_path):
    """What ONNX Runtime reads is the environment of C, which the child inherits."""
    check = "import wyoming_cosyvoice, os; os.system('echo [$ORT_DISABLE_TELEMETRY]')"
    for value, expected in ((None, "[1]"), ("0", "[0]")):
        environ = (
            outside if value is None else {**outside, "ORT_DISABLE_TELEMETRY": value}
        )
        child = subprocess.run(
            [sys.executable, "-c", check],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
        assert child.stdout.strip() == expected


@pytest.mark.slow
def test_an_idle_server_writes_nothing_into_an_empty_home(outside):
    """Telemetry begins seven seconds after the start, with a file below the home."""
    command = (*PROGRAM, "serve", "--uri", "tcp://127.0.0.1:0", "--no-http")
    with subprocess.Popen(
        command, env=outside, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr is not None
            assert any(re.search("istening", line) for line in server.stderr)
            with pytest.raises(subprocess.TimeoutExpired):
                server.wait(timeout=15)
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=20) == 0
        finally:
            server.kill()
    assert list(Path(outside["HOME"]).iterdir()) == []
