"""Sound after the model: the same for all who listen, in time, and cancellable."""

from __future__ import annotations

import asyncio
import contextlib
import io
from typing import TYPE_CHECKING

import aiohttp
import numpy as np
import pytest
import soundfile

from tests.support.fake import DEADLINE_S, FakeSynthesizer
from tests.support.harness import SEED, plain, play, stream
from wyoming_cosyvoice.audio import to_pcm16
from wyoming_cosyvoice.config import (
    Config,
    HttpConfig,
    Limits,
    ServerConfig,
    SoundConfig,
    SpeechConfig,
)
from wyoming_cosyvoice.engine.engine import Engine, SpeechRequest
from wyoming_cosyvoice.errors import SynthesisCancelled
from wyoming_cosyvoice.server.http import HttpServer
from wyoming_cosyvoice.server.wyoming.listener import WyomingServer
from wyoming_cosyvoice.sound.chain import Chain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

RATE = 22_050
TEXT = "One. Two. Three."
EVERYTHING = SoundConfig(
    trim=True, loudness_lufs=-14.0, compress=True, denoise=True, smooth=True
)
CONFIGS = {
    "usual": SoundConfig(),
    "nothing": SoundConfig(trim=False),
    "all": EVERYTHING,
}


class Breathing(FakeSynthesizer):
    """Pauses for 0.3 s before and after each piece, and is loud in between."""

    def _tone(self, key, speed):
        silence = np.zeros(round(0.3 * RATE), np.float32)
        return np.concatenate([silence, 3 * super()._tone(key, speed), silence])


@contextlib.asynccontextmanager
async def engine_with(
    fake: FakeSynthesizer, sound: SoundConfig
) -> AsyncIterator[Engine]:
    engine = Engine(
        lambda: fake,
        fake.voices,
        limits=Limits(),
        defaults=SpeechConfig(seed=SEED),
        sound=sound,
    )
    await engine.start()
    await engine.wait_ready()
    try:
        yield engine
    finally:
        await engine.stop(wait_s=DEADLINE_S)


async def made(sound: SoundConfig) -> bytes:
    """Return what the chain makes of the whole text, in one go."""
    fake = Breathing()
    reader = fake.reader(text_format="text", voice=None, language=None)
    raw = [
        samples
        for sentence in [*reader.feed(TEXT), *reader.finish()]
        for samples in fake.speak(
            sentence, voice=None, speed=1.0, seed=SEED, cancel=None
        )
    ]
    chain = Chain(sound, RATE)
    return to_pcm16(
        np.concatenate([chain.process(np.concatenate(raw)), chain.finish()])
    )


def close(first: bytes, second: bytes) -> bool:
    """Whether both are the same sound, but for the blocks that gains are taken of."""
    a, b = (np.frombuffer(pcm, "<i2").astype(float) for pcm in (first, second))
    return len(a) == len(b) and np.abs(a - b).mean() < 0.01 * np.abs(a).mean()


@pytest.mark.parametrize("name", CONFIGS)
async def test_wyoming_and_http_hear_the_same(name: str) -> None:
    config = Config(sound=CONFIGS[name])
    async with engine_with(Breathing(), config.sound) as engine:
        wyoming = WyomingServer(engine, ServerConfig(uri="tcp://127.0.0.1:0"), Limits())
        http = HttpServer(engine, config, HttpConfig(port=0))
        await wyoming.start()
        await http.start()
        url = f"http://127.0.0.1:{http.port}"
        try:
            whole = await play(wyoming.port, plain(TEXT), last="audio-stop")
            pieces = await play(
                wyoming.port, stream(TEXT[:7], TEXT[7:]), last="synthesize-stopped"
            )
            async with aiohttp.ClientSession(url) as session:
                request = {"text": TEXT, "stream": True, "format": "pcm"}
                async with session.post("/tts", json=request) as answer:
                    tts = await answer.read()
                request = {"input": TEXT, "response_format": "wav"}
                async with session.post("/v1/audio/speech", json=request) as answer:
                    openai = await answer.read()
        finally:
            wyoming.close()
            await wyoming.abort()
            await http.stop()
    expected = await made(config.sound)
    spoken, _ = soundfile.read(io.BytesIO(openai), dtype="int16")
    for received in (whole.pcm, pieces.pcm, tts, spoken.tobytes()):
        assert close(received, expected)
    peak = np.abs(np.frombuffer(whole.pcm, "<i2")).max() / 32767
    assert peak <= (10 ** (-1 / 20) + 1e-3 if name == "all" else 0.91)


async def test_a_word_is_given_whole_while_the_next_is_being_written() -> None:
    fake = FakeSynthesizer()
    async with engine_with(fake, EVERYTHING) as engine:
        speech = engine.open(SpeechRequest())
        speech.feed("One. ")
        await fake.log.wait_for("end One")
        received = b""
        made_bytes = 2 * 3 * round(0.1 * RATE)
        # Nothing says that more text will ever come.
        async with asyncio.timeout(DEADLINE_S):
            while len(received) < made_bytes:
                received += to_pcm16(await anext(speech))
        assert len(received) == made_bytes
        speech.finish()
        assert [samples async for samples in speech] == []


async def test_pieces_without_samples_and_answers_without_words() -> None:
    async with engine_with(FakeSynthesizer(), EVERYTHING) as engine:
        speech = engine.open(SpeechRequest())
        speech.feed("mute 1")
        speech.finish()
        first = b"".join([to_pcm16(samples) async for samples in speech])
        assert len(first) == 2 * 2 * round(0.1 * RATE)
        speech = engine.open(SpeechRequest())
        speech.feed("...")
        speech.finish()
        assert not np.concatenate([samples async for samples in speech]).any()


async def test_cancelling_forgets_what_the_chain_holds() -> None:
    fake = Breathing()
    async with engine_with(fake, EVERYTHING) as engine:
        fake.pace.hold()
        speech = engine.open(SpeechRequest())
        speech.feed(TEXT)
        speech.finish()
        fake.pace.allow(1)
        assert (await anext(speech)).size
        speech.cancel()
        with pytest.raises(SynthesisCancelled):
            await anext(speech)
        fake.pace.release()
        await fake.log.wait_for("closed One")
        assert fake.log.entries.count("begin Two") == 0
        assert engine.open_speeches == 0
