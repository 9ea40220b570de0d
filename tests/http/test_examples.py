"""What docs/http-api.md tells people to send, sent as it stands there."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import soundfile

from tests.support.cloning_fake import ListeningFake
from tests.support.fake import DEADLINE_S, FakeSynthesizer
from tests.support.harness import render
from tests.support.http_server import serving
from tests.support.recordings import wav
from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.server.http import convert_api, tts
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

if TYPE_CHECKING:
    from typing import Any

    from tests.support.http_server import Serving
    from wyoming_cosyvoice.pack.pack import Pack

pytestmark = pytest.mark.ci

DOCUMENT = Path(__file__).parents[2] / "docs/http-api.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
SPEAKING = [program for program in PROGRAMS if "/convert-voice" not in program]
LIBRARIES = ("requests", "openai")


def run(program: str, folder: Path) -> str:
    """Run a program of the document in a folder; return what it complains about."""
    child = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=6 * DEADLINE_S,
        check=False,
    )
    return child.stderr


@pytest.mark.parametrize(
    ("library", "program"),
    list(zip(LIBRARIES, SPEAKING, strict=True)),
    ids=LIBRARIES,
)
async def test_the_examples_work_unchanged(
    library: str, program: str, tmp_path: Path
) -> None:
    """On the port that they name, which is the program's own default."""
    pytest.importorskip(library)
    assert library in program

    fake = FakeSynthesizer()
    try:
        async with serving(fake, port=8080):
            assert await asyncio.to_thread(run, program, tmp_path) == ""
    except ConfigError:
        pytest.skip("something else listens on port 8080")
    sound = (tmp_path / "hello.wav").read_bytes()
    text = re.findall(r'"(你好[^"]*)"', program)[0]
    assert sound[44:] == render(fake, text, "zh-female")


async def test_the_example_of_conversion_works_unchanged(
    tiny_pack: Pack, tmp_path: Path
) -> None:
    pytest.importorskip("requests")
    (program,) = set(PROGRAMS) - set(SPEAKING)
    (tmp_path / "me.wav").write_bytes(wav(2.0))
    synthesizer = PackSynthesizer.open(tiny_pack, SynthesizerOptions(threads=1))
    try:
        async with serving(
            synthesizer, user_voices=tmp_path / "own", port=8080
        ) as http:
            assert http.user_voices is not None
            await http.user_voices.create("Grandma", wav(3.0, hertz=220))
            assert await asyncio.to_thread(run, program, tmp_path) == ""
    except ConfigError:
        pytest.skip("something else listens on port 8080")
    assert soundfile.info(tmp_path / "grandma.wav").duration == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("path", "body"), [("/tts", tts.BODY), ("/convert-voice", convert_api.BODY)]
)
def test_every_field_is_documented(path: str, body: dict[str, Any]) -> None:
    table = TEXT.partition(f"| field of `POST {path}` |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    documented = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert documented == list(body["properties"])


FIELDS = {
    "text": "One. Two.",
    "language": "en-GB",
    "reference_text": "What is said.",
    "speed": 0.8,
    "emotion": "happy",
    "instruct": "softly",
    "seed": 5,
    "format": "flac",
    "sample_rate": 24_000,
    "stream": False,
}


async def ask(http: Serving, **fields: object) -> float:
    async with http.session.post("/tts", json={**FIELDS, **fields}) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "audio/flac"
        samples, rate_hz = soundfile.read(io.BytesIO(await answer.read()))
        assert rate_hz == 24_000
        return len(samples) / rate_hz


@pytest.mark.parametrize("name", ["en-male", "英文男"])
async def test_all_fields_at_once(http: Serving, fake: FakeSynthesizer, name) -> None:
    assert await ask(http, voice=name) == pytest.approx(0.6 / 0.8, abs=0.01)
    assert "reader text en-male en-GB" in fake.log.entries
    assert "happy One" in fake.log.entries
    assert "softly One" in fake.log.entries


async def test_all_fields_with_a_recording(tmp_path: Path) -> None:
    """A recording in each of the four kinds of file, as base64 or as a data URL."""
    fake = ListeningFake()
    async with serving(fake, user_voices=tmp_path / "voices") as http:
        samples, rate_hz = soundfile.read(io.BytesIO(wav()))
        for kind in ("WAV", "FLAC", "OGG", "MP3"):
            file = io.BytesIO()
            soundfile.write(file, samples, rate_hz, format=kind)
            encoded = base64.b64encode(file.getvalue()).decode()
            for recording in (encoded, f"data:audio/x;base64,{encoded}"):
                seconds = await ask(http, reference_audio=recording)
                assert seconds == pytest.approx(0.6 / 0.8, abs=0.01)
        borrowed = {entry.split()[2] for entry in fake.log.entries if "reader" in entry}
        assert len(borrowed) == 4
        assert not borrowed & {voice.id for voice in http.engine.voices}
        refused = {"reference_audio": encoded, "voice": "en-male"}
        async with http.session.post("/tts", json={**FIELDS, **refused}) as answer:
            assert answer.status == 400
            assert (await answer.json())["field"] == "voice"


async def test_every_recording_speaks_for_its_own_request(tmp_path: Path) -> None:
    """Concurrent requests never get each other's voice."""
    fake = ListeningFake()
    async with serving(fake, user_voices=tmp_path / "voices") as http:
        own = http.user_voices
        assert own is not None
        async with contextlib.AsyncExitStack() as requests:
            borrowed = set()
            for hertz in range(100, 120):
                one = own.temporary(wav(hertz=hertz), "", None)
                borrowed.add((await requests.enter_async_context(one)).id)
            assert len(borrowed) == 20
            assert borrowed <= fake.known
        # A few of those that no request has stay for the next one.
        async with own.temporary(wav(hertz=90), "", None):
            assert 1 < len(fake.known) < 20
