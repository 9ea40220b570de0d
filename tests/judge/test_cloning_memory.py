"""Listening with networks as large as the official ones: memory, and long recordings.

The server is the real program, in a process of its own, with extractors of 26 and
523 MB by ``models.random.make_extractors``. Run it with ``-s`` to see the figures.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from models.random.make_extractors import write_speaker_encoder, write_speech_tokenizer
from tests.support.recordings import wav
from tests.support.release import write_tiny_release
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.features.recording import load_recording
from wyoming_cosyvoice.machine.memory import limit_resident_pages
from wyoming_cosyvoice.model.cloning import open_cloner
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

MOST_AFTER_MB = 60
MOST_PEAK_MB = {5.0: 500, 15.0: 500, 30.0: 800}
PAGE = re.compile(r"web page is at (\S+?)/?\s")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    release = folder / "release"
    release.mkdir()
    write_tiny_release(release)
    write_speaker_encoder(release / "campplus.onnx")
    write_speech_tokenizer(release / "speech_tokenizer_v1.onnx")
    convert(release, folder / "pack", precision=Precision.INT8)
    (release / "speech_tokenizer_v1.onnx").unlink()
    return folder / "pack"


class Server:
    """The program, and what it takes."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process, self.url = process, url

    def mb(self, name: str) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.split(f"{name}:")[1].split()[0]) // 1024

    def forget_peak(self) -> None:
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="ascii")

    def speak(self, body: bytes) -> bytes:
        """Return the sound, or nothing if others were before."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.url}/tts", body, {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=900) as answer:  # noqa: S310
                sound: bytes = answer.read()
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            return b""
        return sound

    def clone(self, name: str, seconds: float) -> dict[str, Any]:
        recording = base64.b64encode(wav(seconds)).decode()
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.url}/voices",
            json.dumps({"name": name, "recording": recording}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
            made: dict[str, Any] = json.load(answer)
        return made


@pytest.fixture
def server(pack: Path, tmp_path: Path) -> Iterator[Server]:
    flags = ("--uri", "tcp://127.0.0.1:0", "--http", "127.0.0.1:0")
    folders = ("--model", str(pack), "--data-dir", str(tmp_path))
    command = [sys.executable, "-m", "wyoming_cosyvoice", "serve", *flags, *folders]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            url = next(filter(None, map(PAGE.search, process.stderr)))[1]
            next(line for line in process.stderr if "Ready to speak" in line)
            running = Server(process, url)
            running.clone("first", 2)  # what is imported at the first use stays
            yield running
            process.send_signal(signal.SIGTERM)
            process.stderr.read()
        finally:
            process.kill()


@pytest.mark.parametrize("seconds", MOST_PEAK_MB)
def test_listening_gives_its_memory_back(server: Server, seconds: float) -> None:
    before = server.mb("VmRSS")
    server.forget_peak()
    made = server.clone("long", seconds)
    assert made["state"] == "ready"
    peak, after = server.mb("VmHWM") - before, server.mb("VmRSS") - before
    print(f"{seconds:.0f} s: before {before} MB, peak +{peak} MB, after {after:+} MB")
    assert after <= MOST_AFTER_MB
    assert peak <= MOST_PEAK_MB[seconds]


@pytest.mark.parametrize("seconds", [29.7, 29.8, 29.9, 30.0, 30.1, 40.0])
def test_all_speech_fits_into_the_input_of_the_networks(
    server: Server, seconds: float
) -> None:
    assert server.clone("long", seconds)["state"] == "ready"


def large_recording(seed: int) -> bytes:
    """Return 12 MB: 8 s in stereo at 192 kHz, of 32 bits."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((8 * 192_000, 2))
    is_loud = np.arange(len(noise)) % 96_000 < 60_000  # as words with pauses
    sound = (noise * np.where(is_loud, 0.1, 0.0005)[:, None]).astype(np.float32)
    file = io.BytesIO()
    soundfile.write(file, sound, 192_000, format="WAV", subtype="FLOAT")
    return file.getvalue()


def request_with(recording: bytes) -> bytes:
    encoded = base64.b64encode(recording).decode()
    return json.dumps({"text": "Good day.", "reference_audio": encoded}).encode()


def test_many_large_recordings_at_once(server: Server) -> None:
    bodies = [request_with(large_recording(seed)) for seed in range(25)]
    assert all(16e6 < len(body) < 17e6 for body in bodies)
    assert server.speak(bodies.pop())  # what the first speech takes stays
    before = server.mb("VmRSS")
    server.forget_peak()
    with ThreadPoolExecutor(24) as clients:
        sounds = list(clients.map(server.speak, bodies))
    served = sum(len(sound) > 1000 for sound in sounds)
    assert served > 0
    peak, after = server.mb("VmHWM") - before, server.mb("VmRSS") - before
    print(f"24 x 12 MB, {served} served: peak +{peak} MB, after {after:+} MB")
    assert after <= MOST_AFTER_MB
    assert peak <= MOST_PEAK_MB[15.0]


def test_pages_that_are_let_go_change_nothing(pack: Path) -> None:
    recording = load_recording(wav(5))
    opened = Pack.open(pack)
    weights = opened.file("speech_tokenizer_v1.weights")
    cloner = open_cloner(opened, threads=os.cpu_count() or 1)
    plain = cloner.listen(recording)
    with limit_resident_pages(weights):
        sparing = cloner.listen(recording)
    np.testing.assert_array_equal(
        plain.prompt_speech_tokens, sparing.prompt_speech_tokens
    )
    assert len(np.unique(plain.prompt_speech_tokens)) > 1
