"""script/home-assistant-check says what it needs before it begins."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "script/home-assistant-check"

SILENT = """
import asyncio, pathlib, sys
from home_assistant import house

house.ANSWER_S = 0.5

async def ask():
    ours = house.HomeAssistant(["true"], pathlib.Path(sys.argv[1]), "en", "GB")
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", ours.port)
    async with server:
        await ours.post("/api/config", {})

asyncio.run(ask())
"""


def run(*words: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **({} if path is None else {"PATH": path})}
    return subprocess.run(
        [SCRIPT, *words], env=environ, capture_output=True, text=True, check=False
    )


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_missing_home_assistant_is_reported_with_a_remedy(tmp_path: Path) -> None:
    done = run("--hass", str(tmp_path / "hass"), "--model", "starter")
    assert done.returncode == 2
    assert "pip install homeassistant" in done.stderr


def test_a_home_assistant_that_does_not_answer_ends_with_one_line(
    tmp_path: Path,
) -> None:
    environ = {**os.environ, "PYTHONPATH": str(SCRIPT.parent)}
    done = subprocess.run(
        [sys.executable, "-c", SILENT, tmp_path],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"/api/config: no answer in 0.5 s; see {tmp_path}/output.log" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_headers_and_compiler_are_reported(tmp_path: Path) -> None:
    """With a Home Assistant whose Python has no headers, on a machine without g++."""
    program(tmp_path / "ha/bin/hass", "exit 1")
    answers = 'case "$2" in *sysconfig*) echo /none ;; *) echo python3.14 ;; esac'
    program(tmp_path / "ha/bin/python", answers)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "env", "dirname", "sh"):
        found = next(
            Path(folder) / name
            for folder in ("/usr/bin", "/bin")
            if (Path(folder) / name).exists()
        )
        (tools / name).symlink_to(found)
    words = ("--hass", str(tmp_path / "ha/bin/hass"), "--model", "starter")
    done = run(*words, "--pictures", "x", path=str(tools))
    assert done.returncode == 2
    for needed in (
        "python3.14-dev",
        "install g++",
        "install ffmpeg",
        "chromium-driver",
    ):
        assert needed in done.stderr
