"""The program as users run it, with tiny real models of the later families."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from wyoming.info import Describe, Info

from models.random import later_layout
from models.random.make_checkpoint import write_release
from tests.support.harness import plain, stream
from tests.support.programs import running
from tests.support.real_client import ask
from wyoming_cosyvoice.convert.converter import convert

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ci

SIZES = {"cosyvoice2": later_layout.TINY_2, "cosyvoice3": later_layout.TINY_3}


@pytest.fixture(scope="module", params=SIZES)
def pack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give a converted release, of the voices that every new model gets."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    write_release(folder / "release", SIZES[request.param])
    return convert(folder / "release", folder / "pack").directory


def samples(events: list) -> np.ndarray:
    chunks = [event.payload for event in events if event.type == "audio-chunk"]
    return np.frombuffer(b"".join(chunks), "<i2")


async def test_a_server_describes_itself_and_speaks(pack: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wyoming_cosyvoice", "--model", str(pack)),
        *("--uri", "tcp://127.0.0.1:0", "--steps", "2", "--no-http"),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with running(process) as server:
        port = await server.wait_port()
        answer = await ask(port, [Describe().event()], last="info")
        (program,) = Info.from_event(answer[-1]).tts
        voices = {voice.name: voice.languages for voice in program.voices}
        assert {"heart", "cedar"} <= voices.keys()
        assert {"en", "zh", "ja", "ko"} <= set(voices["heart"])

        received = await ask(port, plain("Hello there."), last="audio-stop")
        (start,) = (event for event in received if event.type == "audio-start")
        assert start.data["rate"] == 24_000
        assert len(samples(received)) > 2_400
        assert np.abs(samples(received)).max() > 30

        events = stream("Hello there. ", "How are you?")
        received = await ask(port, events, last="synthesize-stopped")
        assert len(samples(received)) > 2_400
