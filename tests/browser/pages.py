"""What several tests do with the page."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from tests.browser.chromium import find, wait
from wyoming_cosyvoice.config import Config, HttpConfig, Limits, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine
from wyoming_cosyvoice.server.http import HttpServer
from wyoming_cosyvoice.user_voices.sync import UserVoices

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

IS_SPOKEN = "document.querySelector('#generate:not(.running)') !== null"
IS_OFFERED = "!document.querySelector('#download').ariaDisabled"
HAS_FAILED = "!document.querySelector('#speak-error').hidden"


def painted(browser, canvas):
    """Return how many different colours a canvas shows."""
    return browser.execute_script(
        "const c = document.getElementById(arguments[0]);"
        "const d = new Uint32Array(c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data.buffer);"
        "return new Set(d).size",
        canvas,
    )


def opened(browser, url):
    """Open the page, and wait for its voices."""
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length > 3")


def say(browser, text):
    """Type a text and press Speak."""
    find(browser, "#text").clear()
    find(browser, "#text").send_keys(text)
    find(browser, "#generate").click()


def rows(browser):
    """Return how many speeches the history has."""
    return len(browser.find_elements("css selector", "#history li"))


def speak(browser, url):
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length > 3")
    find(browser, "#text").send_keys("One. Two. Three. <b>markup</b>")
    find(browser, "#generate").click()
    wait(browser, "!document.querySelector('#download').ariaDisabled")
    assert painted(browser, "waveform") > 5
    assert painted(browser, "spectrogram") > 5
    assert find(browser, "#size").text == "1.2 s"
    assert float(find(browser, "#first-audio").text.removesuffix(" s")) > 0
    assert find(browser, "#history .title").text == "One. Two. Three. <b>markup</b>"
    errors = [e for e in browser.get_log("browser") if e["level"] == "SEVERE"]
    assert errors == []


@contextlib.asynccontextmanager
async def serving_voices(load, folder: Path) -> AsyncIterator[str]:
    """Give the address of a server that keeps voices of the user's own."""
    engine = Engine(load, (), limits=Limits(), defaults=SpeechConfig(seed=1))
    await engine.start()
    own = UserVoices(engine, folder)
    own.start()
    server = HttpServer(engine, Config(), HttpConfig(port=0), user_voices=own)
    await server.start()
    try:
        yield server.url
    finally:
        await own.stop()
        await server.stop()
        await engine.stop(wait_s=10)


PHONE_WIDTH = 390
