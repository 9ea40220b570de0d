"""What the page advises: which model to get, and what a refused text needs."""

from __future__ import annotations

import asyncio

import pytest

from tests.browser.chromium import MARKS, browsing, find, wait
from tests.browser.pages import HAS_FAILED, PHONE_WIDTH, opened, say
from tests.support.fake import FakeSynthesizer
from tests.support.fake_models import FakeModels
from tests.support.http_server import serving
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.server.http import expected_speed
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

pytestmark = MARKS

LARGER = "cosyvoice-300m-sft"
ROWS = "[...document.querySelectorAll('#model-list li')]"


def choose_language(browser, tag):
    browser.execute_script(
        "const s = document.querySelector('#page-language');"
        "s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
        tag,
    )


def be_advised(browser, url):
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length === 3")
    for text, language, message in (
        (
            "안녕하세요.",
            "en",
            "Korean needs a larger model, such as CosyVoice-300M-SFT.",
        ),
        ("안녕하세요.", "zh-Hans", "韩语需要更大的模型，例如 CosyVoice-300M-SFT。"),
        ("สวัสดี", "en", "The model in use does not read the language of this text."),
    ):
        choose_language(browser, language)
        say(browser, text)
        wait(browser, HAS_FAILED)
        assert find(browser, "#speak-error span").text == message
        buttons = browser.find_elements("css selector", "#speak-error button")
        assert bool(buttons) == (text == "안녕하세요.")


async def test_a_refused_text_is_told_which_model_reads_it(browser):
    starter = PackSynthesizer.open(Pack.open(STARTER_DIR))
    async with serving(starter, models=FakeModels()) as http:
        await asyncio.to_thread(be_advised, browser, http.url)


def see_recommended(browser, url, advised):
    browser.get(f"{url}#models")
    wait(browser, f"{ROWS}.some((row) => row.textContent.includes('Expected here'))")
    wait(
        browser,
        "document.querySelector('#model-list .tag.good + .tag.good, .tag + .tag')",
    )
    rows = browser.find_elements("css selector", "#model-list li")
    assert len(rows) == 2
    (shown,) = (row for row in rows if "recommended" in row.text)
    assert shown.text.lower().startswith(advised)
    primary = browser.find_elements("css selector", "#model-list .primary")
    assert len(primary) == (advised == LARGER)


@pytest.mark.parametrize("advised", [LARGER, "starter"])
async def test_a_model_slower_than_speech_is_not_recommended(
    browser, advised: str, monkeypatch: pytest.MonkeyPatch
):
    work = 1e-6 if advised == LARGER else 1e6
    monkeypatch.setattr(expected_speed, "_WORK", {"cosyvoice": work})
    models = FakeModels()
    models.states = {"starter": "in-use", LARGER: "available"}
    async with serving(FakeSynthesizer(), models=models) as http:
        await asyncio.to_thread(see_recommended, browser, http.url, advised)


def see_lists(browser, url):
    browser.get(f"{url}#models")
    wait(browser, f"{ROWS}.length === 3")
    for tag, languages in (("en", "Chinese, English"), ("zh-Hans", "中文、英语")):
        choose_language(browser, tag)
        assert languages in find(browser, "#model-list li.in-use").text


async def test_lists_have_the_comma_of_the_language(browser):
    async with serving(FakeSynthesizer(), models=FakeModels()) as http:
        await asyncio.to_thread(see_lists, browser, http.url)


def see_chips(browser, url):
    opened(browser, url)
    say(browser, "One.")
    *chips, count = browser.execute_script(
        "return [...document.querySelectorAll('#examples button, #count')]"
        ".map((each) => each.getBoundingClientRect())"
        ".map((box) => Math.round((box.top + box.bottom) / 20))"
    )
    assert all([*chips, count].count(line) > 1 for line in chips)


@pytest.mark.parametrize("width", [360, PHONE_WIDTH])
async def test_no_chip_stands_alone_on_a_phone(width: int):
    phone = {"deviceMetrics": {"width": width, "height": 844, "pixelRatio": 2.0}}
    async with serving(FakeSynthesizer()) as http:
        with browsing(phone=phone) as browser:
            await asyncio.to_thread(see_chips, browser, http.url)
