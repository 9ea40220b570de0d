"""The page in a real Chromium: type, speak, see; make a voice of a file and use it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from tests.browser.chromium import MARKS, browsing, find, wait
from tests.browser.pages import PHONE_WIDTH, serving_voices, speak
from tests.support.cloning_fake import ListeningFake
from tests.support.fake import FakeSynthesizer
from tests.support.fake_models import FakeModels
from tests.support.http_server import serving
from tests.support.recordings import wav
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = MARKS


async def test_a_text_is_spoken_and_shown(browser):
    async with serving(FakeSynthesizer()) as http:
        await asyncio.to_thread(speak, browser, http.url)


def skip(browser, url):
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length > 3")
    find(browser, "#text").send_keys("One. unreadable <b>. Two.")
    find(browser, "#generate").click()
    wait(browser, "!document.querySelector('#download').ariaDisabled")
    assert "cannot read it: unreadable b" in find(browser, "#speak-error").text
    find(browser, "#text").clear()
    find(browser, "#text").send_keys("Three.")
    find(browser, "#generate").click()
    wait(browser, "!document.querySelector('#download').ariaDisabled")
    assert not find(browser, "#speak-error").is_displayed()


async def test_what_cannot_be_read_is_named(browser):
    async with serving(FakeSynthesizer()) as http:
        await asyncio.to_thread(skip, browser, http.url)


def make_voice(browser, url, recording):
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length > 3")
    find(browser, "#tab-voices").click()
    find(browser, "#file").send_keys(str(recording))
    wait(browser, "!document.querySelector('#make').disabled")
    assert find(browser, "#voice-name").get_attribute("value") == "Ann"
    find(browser, "#make").click()
    wait(browser, "document.querySelector('#voice-list .tag.good') !== null")
    find(browser, "#voice-list [data-does^=try]").click()
    assert find(browser, "#voice :checked").get_attribute("value") == "ann"
    find(browser, "#text").send_keys("Hello.")
    find(browser, "#generate").click()
    wait(browser, "!document.querySelector('#download').ariaDisabled")


async def test_a_file_becomes_a_voice_that_speaks(browser, tmp_path: Path):
    recording = tmp_path / "Ann.wav"
    recording.write_bytes(wav())
    fake = ListeningFake()
    async with serving_voices(lambda: fake, tmp_path / "voices") as url:
        await asyncio.to_thread(make_voice, browser, url, recording)
    assert (tmp_path / "voices" / "ann" / "neutral.wav").exists()


INGRESS = "/api/hassio_ingress/abc"


@contextlib.asynccontextmanager
async def proxied(url: str) -> AsyncIterator[str]:
    """Show a server below another path and host, as Home Assistant's ingress does."""

    async def forward(request: web.Request) -> web.StreamResponse:
        path = request.raw_path.removeprefix(INGRESS)
        headers = {"X-Ingress-Path": INGRESS, "Host": "my.home.example"}
        for name in ("Content-Type", "Origin"):
            if name in request.headers:
                headers[name] = request.headers[name]
        async with session.request(
            request.method, url + path, data=await request.read(), headers=headers
        ) as answer:
            response = web.StreamResponse(status=answer.status)
            for name in ("Content-Type", "Content-Security-Policy", "X-Sample-Rate"):
                if name in answer.headers:
                    response.headers[name] = answer.headers[name]
            await response.prepare(request)
            async for piece in answer.content.iter_any():
                await response.write(piece)
            await response.write_eof()
            return response

    app = web.Application()
    app.router.add_route("*", INGRESS + "/{path:.*}", forward)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    async with aiohttp.ClientSession() as session:
        await site.start()
        port = runner.addresses[0][1]
        try:
            yield f"http://127.0.0.1:{port}{INGRESS}/"
        finally:
            await runner.cleanup()


def check_phone(browser, url, phone_width):
    speak(browser, url)
    colours = set()
    for scheme in ("light", "dark"):
        browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
        )
        for tab in ("speak", "voices", "models"):
            find(browser, f"#tab-{tab}").click()
            width = browser.execute_script(
                "return document.documentElement.scrollWidth"
            )
            assert width <= phone_width, tab
        colours.add(
            browser.execute_script(
                "return getComputedStyle(document.body).backgroundColor"
            )
        )
    assert len(colours) == 2


@pytest.mark.parametrize("width", [320, 360, PHONE_WIDTH])
async def test_the_page_on_a_phone_behind_ingress(width: int):
    phone = {"deviceMetrics": {"width": width, "height": 844, "pixelRatio": 2.0}}
    async with (
        serving(FakeSynthesizer(), ingress="127.0.0.1") as http,
        proxied(http.url) as url,
    ):
        with browsing(phone=phone) as browser:
            await asyncio.to_thread(check_phone, browser, url, width)


LANGUAGES = {
    "en": ("in use", "Use", "Download", "Cancel", "about 2.3 GB", "loading the model"),
    "zh-Hans": ("使用中", "使用", "下载", "取消", "约 2.3 GB", "正在加载模型"),
    "zh-Hant": ("使用中", "使用", "下載", "取消", "約 2.3 GB", "正在載入模型"),
}


def model_rows(browser):
    """Return what all rows show at one moment; an answer may replace them at any."""
    return browser.execute_script(
        "return [...document.querySelectorAll('#model-list li')].map((row) => ({"
        "text: row.innerText, tag: row.querySelector('.tag').innerText,"
        "buttons: [...row.querySelectorAll('button')].map((one) => one.innerText)}))"
    )


def press(browser, css):
    browser.execute_script("document.querySelector(arguments[0]).click()", css)


def use_models(browser, url, models):
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length > 3")
    find(browser, "#tab-models").click()
    for language, words in LANGUAGES.items():
        in_use, use, download, cancel, about, loading = words
        browser.execute_script(
            "const s = document.querySelector('#page-language');"
            "s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
            language,
        )
        wait(browser, "document.querySelectorAll('#model-list li').length === 3")
        starter, mine, big = model_rows(browser)
        assert starter["tag"] == in_use
        assert "20 MB" in starter["text"]
        assert "Apache-2.0" in starter["text"]
        assert (starter["buttons"], mine["buttons"]) == ([], [use])
        assert big["buttons"] == [download]
        assert about in big["text"]
        press(browser, "#model-list li.available button")
        wait(browser, "document.querySelector('#model-list progress') !== null")
        assert [cancel] in [row["buttons"] for row in model_rows(browser)]
        press(browser, "#model-list li.downloading button")
        wait(browser, "document.querySelector('#model-list progress') === null")
        press(browser, "#model-list li.installed button")
        wait(browser, "document.querySelector('#model-list li.loading') !== null")
        assert any(loading in row["text"] for row in model_rows(browser))
        models.finish()
        wait(browser, "document.querySelector('#model-list li.loading') === null")
        wait(browser, "document.querySelector('#model-list li.installed') !== null")
        models.states = dict(FakeModels().states)
        find(browser, "#tab-speak").click()
        find(browser, "#tab-models").click()
        # What is found from here on must not be replaced by an answer on its way.
        wait(browser, "document.querySelector('#model-list li').matches('.in-use')")
    assert models.asked == ["start big", "cancel big", "use mine"] * 3
    errors = [e for e in browser.get_log("browser") if e["level"] == "SEVERE"]
    assert errors == []


async def test_models_are_fetched_and_used(browser):
    models = FakeModels()
    async with serving(FakeSynthesizer(), models=models) as http:
        await asyncio.to_thread(use_models, browser, http.url, models)


def convert(browser, url, recording):
    browser.get(f"{url}#voices")
    wait(browser, "document.querySelectorAll('#convert-voice option').length > 3")
    find(browser, "#convert-file").send_keys(str(recording))
    wait(browser, "!document.querySelector('#convert').disabled")
    find(browser, "#convert-voice [value=en-male]").click()
    find(browser, "#convert").click()
    wait(browser, "!document.querySelector('#converted').hidden")
    assert find(browser, "#convert-state").text == "Done: 2.0 seconds of audio."
    name = find(browser, "#convert-download").get_attribute("download")
    assert name == "en-male.wav"
    errors = [e for e in browser.get_log("browser") if e["level"] == "SEVERE"]
    assert errors == []


async def test_a_recording_is_said_in_another_voice(browser, tiny_pack, tmp_path: Path):
    recording = tmp_path / "me.wav"
    recording.write_bytes(wav(2.0))
    synthesizer = PackSynthesizer.open(tiny_pack, SynthesizerOptions(threads=1))
    async with serving_voices(lambda: synthesizer, tmp_path / "voices") as url:
        await asyncio.to_thread(convert, browser, url, recording)


def look_for_conversion(browser, url):
    browser.get(f"{url}#voices")
    wait(browser, "document.querySelectorAll('#voice-list li').length > 2")
    assert not find(browser, "#convert-form").is_displayed()


async def test_a_model_that_cannot_listen_converts_nothing(browser):
    async with serving(FakeSynthesizer()) as http:
        await asyncio.to_thread(look_for_conversion, browser, http.url)
