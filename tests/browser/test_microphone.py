"""The page's microphone in a real Chromium, which records a file instead of a room."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from tests.browser.chromium import MARKS, browsing, find, wait
from tests.browser.pages import painted, serving_voices
from tests.support.fake import FakeSynthesizer
from tests.support.pitch import pitch_of
from tests.support.recordings import wav
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = MARKS

HERTZ = 150.0
RECORDED_S = 3.0


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[object]:
    """Give a browser in whose room somebody buzzes in syllables, without an end."""
    room = tmp_path / "room.wav"
    room.write_bytes(wav(seconds=6.0, hertz=HERTZ))
    with browsing(f"--use-file-for-fake-audio-capture={room}") as driver:
        yield driver


def record(browser, url):
    """Press the button, wait, press it again; listen to the preview."""
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length > 3")
    find(browser, "#tab-voices").click()
    find(browser, "#record").click()
    wait(browser, "document.querySelector('#record').classList.contains('recording')")
    seconds = "parseFloat(document.querySelector('#recording-state').textContent)"
    wait(browser, f"{seconds} >= {RECORDED_S}")
    assert painted(browser, "level") > 1
    find(browser, "#record").click()
    wait(browser, "!document.querySelector('#recording').hidden")
    preview = "document.querySelector('#recording')"
    wait(browser, f"{preview}.duration >= {RECORDED_S}")
    browser.execute_script(f"{preview}.play()")
    wait(browser, f"{preview}.currentTime > 0.2")
    assert browser.execute_script(f"return {preview}.error") is None
    # While the model loads, /health says 503, which the browser notes as well.
    assert [e for e in browser.get_log("browser") if e["source"] != "network"] == []


def check_recording(path):
    """Compare what was kept with the room: as long, as high, with its pauses."""
    samples, rate = soundfile.read(path, dtype="float32")
    assert samples.ndim == 1
    assert rate >= 16_000
    assert RECORDED_S <= len(samples) / rate < RECORDED_S + 10
    pitch = pitch_of(samples, rate)
    assert np.median(pitch) == pytest.approx(HERTZ, rel=0.05)
    frames = samples[: len(samples) // 441 * 441].reshape(-1, 441)
    loudness = np.abs(frames).max(axis=1)
    assert loudness.max() < 1.0
    assert (loudness < 0.05 * loudness.max()).mean() > 0.1


def record_and_make(browser, url):
    record(browser, url)
    assert not find(browser, "#no-cloning").is_displayed()
    find(browser, "#voice-name").send_keys("Me")
    find(browser, "#make").click()
    wait(browser, "document.querySelector('#voice-list .tag.good') !== null")
    assert "Me" in find(browser, "#voice-done").text
    find(browser, "#voice-list [data-does^=try]").click()
    assert find(browser, "#voice :checked").get_attribute("value") == "me"
    find(browser, "#text").send_keys("Hello.")
    find(browser, "#generate").click()
    wait(browser, "!document.querySelector('#download').ariaDisabled")


async def test_a_recording_becomes_a_voice_that_speaks(
    browser, tiny_pack, tmp_path: Path
):
    def load():
        return PackSynthesizer.open(tiny_pack, SynthesizerOptions(threads=1))

    async with serving_voices(load, tmp_path / "voices") as url:
        await asyncio.to_thread(record_and_make, browser, url)
    check_recording(tmp_path / "voices" / "me" / "neutral.wav")
    assert list((tmp_path / "voices" / "me").glob("neutral.*.npz"))


def look_for_cloning(browser, url):
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length > 3")
    find(browser, "#tab-voices").click()
    card = find(browser, "#no-cloning")
    wait(browser, "!document.querySelector('#no-cloning').hidden")
    assert "CosyVoice-300M" in card.text
    assert "wyoming-cosyvoice" not in card.text  # no command of a shell
    assert not find(browser, "#voice-form").is_displayed()
    find(card, "button").click()
    assert find(browser, "#panel-models").is_displayed()


async def test_a_model_that_cannot_clone_leads_to_one_that_can(browser, tmp_path: Path):
    fake = FakeSynthesizer()
    async with serving_voices(lambda: fake, tmp_path / "voices") as url:
        await asyncio.to_thread(look_for_cloning, browser, url)
    assert not (tmp_path / "voices" / "me").exists()
