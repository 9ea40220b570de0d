"""Fill the data folder of a real server with odd files, and see what it still does.

The starter speaks. Beside a good voice lie pipes, sparse files of 3 GB, links out of
the folder, junk, bombs, and a thousand recordings; the lexicon is a pipe.
"""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
import time
from pathlib import Path

import aiohttp
import numpy as np
import soundfile
from soaking.server import Server

from attacking.floods import HOST, speak
from attacking.odd_files import SECRET, fill

RECORDINGS = 1_000
ANSWER_S = 2.0
"""What an answer of the voices API may take."""

STOP_S = 1.5
"""What the end may take."""

MORE_MB = 200.0
"""What the odd files may cost at most, at the peak."""

_RATE_HZ = 16_000
_LOOKS = 20
_BETWEEN_S = 0.25


async def attack() -> list[str]:
    """Print what was measured; return what is beyond the promise."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "empty").mkdir()
        usual = await _peak_mb(Path(folder) / "empty")
        data = Path(folder) / "odd" / "data"
        _spoil(data)
        return await _attack(data, usual)


async def _peak_mb(data: Path) -> float:
    """Return the most memory of a server whose data folder is empty."""
    async with Server(["--data-dir", str(data)]) as server:
        await speak(server.wyoming_port)
        return server.peak_mb()


def _buzz() -> bytes:
    """Make three seconds of sound that is as even as no voice is."""
    seconds = np.arange(3 * _RATE_HZ) / _RATE_HZ
    file = io.BytesIO()
    soundfile.write(file, 0.2 * np.sin(900 * seconds), _RATE_HZ, format="WAV")
    return file.getvalue()


def _spoil(data: Path) -> None:
    voices = data / "voices"
    voices.mkdir(parents=True)
    recording = _buzz()
    fill(voices, recording)
    file = data.parent / "one.wav"
    file.write_bytes(recording)
    for number in range(RECORDINGS):
        os.link(file, voices / f"Drop {number:04}.wav")
    os.mkfifo(data / "lexicon.txt")


async def _attack(data: Path, usual_mb: float) -> list[str]:
    failures = []
    async with (
        Server(["--data-dir", str(data)]) as server,
        aiohttp.ClientSession(f"http://{HOST}:{server.http_port}") as session,
    ):
        slowest = await _look(session, failures)
        first_s, _ = await speak(server.wyoming_port)
        print(f"slowest answer of the voices API {slowest:.2f} s", flush=True)
        print(f"first sound {first_s:.2f} s", flush=True)
        if slowest > ANSWER_S:
            failures.append("the voices API answers late")
        if first_s > ANSWER_S:
            failures.append("speech is late or does not come")
        more_mb = server.peak_mb() - usual_mb
        began = time.monotonic()
        code = await server.stop()
        stop_s = time.monotonic() - began
        print(f"{more_mb:.0f} MB more at the peak, the end took {stop_s:.2f} s")
        if more_mb > MORE_MB:
            failures.append("the files are read whole")
        if code or stop_s > STOP_S:
            failures.append(f"the end is late: code {code}, {stop_s:.1f} s")
        failures += server.complaints
    return failures


async def _look(session: aiohttp.ClientSession, failures: list[str]) -> float:
    """Ask for the voices again and again, delete some; return the slowest answer."""
    slowest = 0.0
    own: list[str] = []
    for _ in range(_LOOKS):
        began = time.monotonic()
        async with session.get("/voices") as answer:
            text = await answer.text()
            if answer.status != 200:  # noqa: PLR2004
                failures.append(f"GET /voices: {answer.status}")
                break
            if SECRET in text:
                failures.append("a file outside of the folder is in an answer")
            own = [v["id"] for v in (await answer.json())["voices"] if v["is_own"]]
        slowest = max(slowest, time.monotonic() - began)
        await asyncio.sleep(_BETWEEN_S)
    for voice_id in own[:20]:
        began = time.monotonic()
        async with session.delete(f"/voices/{voice_id}") as answer:
            if answer.status != 204:  # noqa: PLR2004
                failures.append(f"DELETE {voice_id}: {answer.status}")
        slowest = max(slowest, time.monotonic() - began)
    print(f"{len(own)} voices listed, {min(20, len(own))} deleted", flush=True)
    return slowest
