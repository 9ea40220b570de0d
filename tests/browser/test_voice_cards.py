"""Voices as cards: who they are, and what they sound like, at a touch."""

from __future__ import annotations

import asyncio

import pytest

from tests.browser.chromium import MARKS, browsing, find, wait
from tests.browser.pages import HAS_FAILED, opened, rows, say
from tests.support.fake import FakeSynthesizer
from tests.support.http_server import serving
from wyoming_cosyvoice.voices import Voice

pytestmark = MARKS

HEARD = "[...document.querySelectorAll('{} .hear')].map((b) => b.ariaLabel)"


def hear_voices(browser, url, where):
    opened(browser, url)
    heard = HEARD.format(where)
    labels = browser.execute_script(f"return {heard}")
    assert len(labels) == 3
    assert all(label.startswith("Preview: ") for label in labels)
    find(browser, f"{where} .hear").click()
    name = labels[0].removeprefix("Preview: ")
    wait(browser, f"{heard}[0] === {f'Stop: {name}'!r}")
    # Another voice takes over; the first is not heard beside it.
    browser.find_elements("css selector", f"{where} .hear")[1].click()
    wait(browser, f"{heard}[1].startsWith('Stop') && {heard}[0].startsWith('Preview')")
    wait(browser, f"{heard}.every((label) => label.startsWith('Preview'))")  # the end
    assert rows(browser) == 0
    for error in ("#voice-error", "#speak-error"):
        assert not find(browser, error).is_displayed()


@pytest.mark.parametrize(
    ("tab", "where"), [("speak", "#voice"), ("voices", "#voice-list")]
)
async def test_a_voice_speaks_at_a_touch(browser, tab: str, where: str):
    async with serving(FakeSynthesizer()) as http:
        url = f"{http.url}#{tab}"
        await asyncio.to_thread(hear_voices, browser, url, where)


def preview_and_speak(browser, url):
    opened(browser, url)
    find(browser, "#voice .hear").click()
    wait(browser, "document.querySelector('#voice .hear.running') !== null")
    say(browser, "One. Two. Three. Four.")
    wait(browser, "document.querySelector('#play.playing') !== null")
    assert not browser.find_elements("css selector", ".hear.running")
    find(browser, "#voice .hear").click()
    wait(browser, "document.querySelector('#play.playing') === null")


async def test_only_one_sound_plays(browser):
    async with serving(FakeSynthesizer()) as http:
        await asyncio.to_thread(preview_and_speak, browser, http.url)


async def test_a_voice_that_fails_to_speak_says_so(browser):
    fake = FakeSynthesizer()
    async with serving(fake) as http:
        await asyncio.to_thread(opened, browser, http.url)
    await asyncio.to_thread(fail_to_speak, browser)


def fail_to_speak(browser):
    find(browser, "#voice .hear").click()
    wait(browser, HAS_FAILED)
    assert "cannot be reached" in find(browser, "#speak-error").text
    assert not browser.find_elements("css selector", ".hear.running")


def read_cards(browser, url, language):
    browser.get(f"{url}#voices")
    wait(browser, "document.querySelectorAll('#voice-list li').length === 3")
    browser.execute_script(
        "const s = document.querySelector('#page-language');"
        "s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
        language,
    )
    cards = browser.find_elements("css selector", "#voice-list .what")
    return [card.text.splitlines() for card in cards]


async def test_a_card_says_each_thing_once():
    descriptions = {
        "heart": "English and Chinese, female (Heart)",
        "zh-male": "Chinese, male",
    }
    synthesizer = FakeSynthesizer()
    synthesizer.voices = (
        Voice("heart", "heart", "Heart", descriptions["heart"], ("en", "en-US", "zh")),
        Voice("zh-male", "中文男", "Chinese male", descriptions["zh-male"], ("zh",)),
        Voice("anna", "Anna", "Anna", "Anna, saved voice", ("zh", "en")),
    )
    expected = {
        "en": [
            ["Heart", "Woman", "English · Chinese"],
            ["Chinese male", "Chinese"],
            ["Anna", "saved voice", "Chinese · English"],
        ],
        "zh-Hans": [["Heart", "女声", "英语 · 中文"], ["Chinese male", "中文"]],
    }
    async with serving(synthesizer) as http:
        with browsing() as browser:
            for language, cards in expected.items():
                shown = await asyncio.to_thread(read_cards, browser, http.url, language)
                assert shown[: len(cards)] == cards
