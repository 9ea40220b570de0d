"""The program with settings that are wrong: it speaks all the same, and says so."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import sys
import urllib.request
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.fake import DEADLINE_S
from tests.support.programs import Program, running, speaks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from wyoming_cosyvoice.pack.pack import Pack

pytestmark = pytest.mark.ci

PREFIX = "WYOMING_COSYVOICE_"


@asynccontextmanager
async def serving(data: Path, **variables: str) -> AsyncIterator[Program]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    environ |= {f"{PREFIX}{name.upper()}": text for name, text in variables.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wyoming_cosyvoice", "serve"),
        *("--uri", "tcp://127.0.0.1:0", "--data-dir", str(data)),
        env=environ,
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with running(process) as program:
        yield program


async def problems(url: str) -> list[str]:
    def get() -> list[str]:
        path = f"{url}/settings"  # as the log has it
        with urllib.request.urlopen(path, timeout=DEADLINE_S) as answer:  # noqa: S310
            body: list[str] = json.load(answer)["problems"]
            return body

    return await asyncio.to_thread(get)


async def test_wrong_variables_and_lines_do_not_silence_a_house(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('threads = "many"\nvoise = "heart"\nvoice = [1]\n')
    wrong = {
        "speed": "fast",
        "threads": "0",
        "language": "klingon",
        "sound": "loud",
        "loudness": "3",
        "hub": "github",
        "streaming": "maybe",
        "treads": "2",
        "http_origin": "chat.example.org",
        "model": "cosyvoice-400m",
        "log_level": "loud",
        "guidance": "nan",
        "zeroconf_port": "many",
    }
    others = {"config": str(file), "http": "127.0.0.1:0"}
    async with serving(tmp_path / "data", **wrong, **others) as program:
        url = (await program.wait_for(r"The web page is at (\S+)"))[1]
        assert await speaks(program)
        body = await problems(url)
    for name in wrong:
        assert any(f"{PREFIX}{name.upper()}:" in each for each in body) or (
            name in {"treads", "model"}
        ), name
    assert any("Did you mean WYOMING_COSYVOICE_THREADS?" in each for each in body)
    assert any("'cosyvoice-400m'" in each and "starter" in each for each in body)
    for name in ("threads", "voise", "voice"):
        assert any(f"settings.toml: {name}" in each for each in body), name
    log = "".join(program.lines)
    assert all(each in log for each in body)


@pytest.mark.parametrize("fault", ["several", "damaged", "cut", "version"])
async def test_a_model_that_cannot_be_used_gives_way_to_the_starter(
    tmp_path: Path, tiny_pack: Pack, fault: str
) -> None:
    models = tmp_path / "models"
    shutil.copytree(tiny_pack.directory, models / "mine")
    if fault == "several":
        shutil.copytree(tiny_pack.directory, models / "other")
    if fault == "damaged":
        path = models / "mine/speech_lm.weights"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    if fault == "cut":
        os.truncate(models / "mine/manifest.json", 100)
    if fault == "version":
        path = models / "mine/manifest.json"
        manifest = json.loads(path.read_text())
        path.write_text(json.dumps(manifest | {"format_version": 999}))
    async with serving(tmp_path, http="127.0.0.1:0") as program:
        assert await speaks(program)
    assert "The starter is used instead." in "".join(program.lines)


async def test_a_port_of_the_page_that_is_taken_does_not_silence_a_house(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with serving(tmp_path, http=f"127.0.0.1:{port}") as program:
            assert await speaks(program)
    assert "web page and the HTTP API are off" in "".join(program.lines)
