"""The program as users run it, with tiny real models of the later families."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from wyoming.client import AsyncTcpClient
from wyoming.info import Describe, Info

from models.random import later_layout
from models.random.make_checkpoint import write_release
from tests.support.harness import plain, stream
from tests.support.programs import running
from tests.support.real_client import DEADLINE_S, ask, listen
from wyoming_cosyvoice.convert.converter import convert

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.pack.pack import Pack

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


async def launch(pack: Path, *options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wyoming_cosyvoice", "--model", str(pack)),
        *("--uri", "tcp://127.0.0.1:0", "--steps", "2", "--no-http", *options),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_a_server_describes_itself_and_speaks(pack: Path) -> None:
    async with running(await launch(pack)) as server:
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


BEGINNING = """
    the old man who lives at the end of the road told me a long story about his garden
    and the many birds that come there in the first days of every spring
"""


async def test_a_sentence_sounds_before_its_text_is_complete(pack: Path) -> None:
    """A language model writes word by word, and has not ended its sentence yet."""
    words = [f"{word} " for word in BEGINNING.split()]
    first, *chunks, whole, stop = stream(*words, "and summer.")
    async with running(await launch(pack, "--text-ahead", "yes")) as server:
        port = await server.wait_port()
        client = AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S)
        async with client:
            await client.write_event(first)
            for event in chunks[:-1]:
                await client.write_event(event)
            early = await listen(client, last="audio-chunk")
            for event in (chunks[-1], whole, stop):
                await client.write_event(event)
            late = await listen(client, last="synthesize-stopped")
        types = [event.type for event in early + late]
        assert types.count("audio-start") == types.count("audio-stop") == 1
        assert types[-2:] == ["audio-stop", "synthesize-stopped"]
        assert len(samples(late)) > 12_000

        # One that leaves in the middle of its sentence delays nobody.
        async with AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S) as client:
            for event in (first, *chunks[:-1]):
                await client.write_event(event)
            await listen(client, last="audio-chunk")
        received = await ask(port, plain("Hello there."), last="audio-stop")
        assert len(samples(received)) > 2_400


async def test_a_model_that_cannot_speak_ahead_says_so(tiny_pack: Pack) -> None:
    process = await launch(tiny_pack.directory, "--text-ahead", "yes")
    async with running(process) as server:
        await server.wait_port()
        await server.wait_for("speaks whole sentences only; text_ahead is for")
