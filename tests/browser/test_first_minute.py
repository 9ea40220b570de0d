"""First steps of a new user on the page: listen, errors, pause, return, edit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import MARKS, browsing, find, wait
from tests.browser.pages import (
    HAS_FAILED,
    IS_OFFERED,
    IS_SPOKEN,
    PHONE_WIDTH,
    opened,
    rows,
    say,
)
from tests.support.fake import FakeSynthesizer
from tests.support.fake_models import FakeModels
from tests.support.http_server import serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = MARKS


def listen_by_one_click(browser, url):
    opened(browser, url)
    assert not find(browser, "#sound").is_displayed()
    find(browser, "#try-it").click()
    wait(browser, IS_OFFERED)
    assert find(browser, "#text").get_attribute("value") != ""
    assert find(browser, "#sound").is_displayed()


async def test_the_first_sound_takes_one_click(browser):
    async with serving(FakeSynthesizer()) as http:
        await asyncio.to_thread(listen_by_one_click, browser, http.url)


def be_refused(browser, url, refused):
    opened(browser, url)
    say(browser, "One. Two.")
    wait(browser, IS_OFFERED)
    assert rows(browser) == 1
    for language in ("en", "zh-Hans"):
        browser.execute_script(
            "const s = document.querySelector('#page-language');"
            "s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
            language,
        )
        say(browser, refused)
        wait(browser, HAS_FAILED)
        wait(browser, IS_SPOKEN)
        assert rows(browser) == 1
        assert not find(browser, "#sound").is_displayed()
        assert find(browser, "#download").get_attribute("href") is None
        body = find(browser, "#speak-error").text
        assert "wyoming-cosyvoice" not in body
        assert body.isascii() == (language == "en")


@pytest.mark.parametrize("refused", ["refuse 0", "   "], ids=["refused", "blank"])
async def test_a_refused_text_gets_no_sound_of_another(browser, refused: str):
    async with serving(FakeSynthesizer()) as http:
        await asyncio.to_thread(be_refused, browser, http.url, refused)


def pause(browser, url):
    opened(browser, url)
    say(browser, "One. Two. Three. Four. Five. Six. Seven. Eight.")
    wait(browser, IS_OFFERED)
    seconds = "parseFloat(document.querySelector('#time').textContent)"
    find(browser, "#scope").send_keys("\ue011")  # Home
    find(browser, "#play").click()
    wait(browser, f"{seconds} >= 0.5")
    find(browser, "#play").click()
    paused = browser.execute_script(f"return {seconds}")
    assert paused >= 0.5
    assert find(browser, "#play").accessible_name == "Play"
    find(browser, "#play").click()
    wait(browser, f"{seconds} > {paused}")


async def test_the_player_pauses_and_resumes(browser):
    async with serving(FakeSynthesizer()) as http:
        await asyncio.to_thread(pause, browser, http.url)


def come_back(browser, url):
    opened(browser, url)
    browser.execute_script("document.querySelector('#voice [value=en-male]').click()")
    say(browser, "One. Two.")
    wait(browser, IS_OFFERED)
    length = find(browser, "#size").text
    find(browser, "#tab-voices").click()
    opened(browser, url.rstrip("/") + "/?again")
    assert find(browser, "#panel-voices").is_displayed()
    find(browser, "#tab-speak").click()
    assert find(browser, "#text").get_attribute("value") == "One. Two."
    assert find(browser, "#voice :checked").get_attribute("value") == "en-male"
    wait(browser, "document.querySelectorAll('#history li').length === 1")
    find(browser, "#history button").click()
    wait(browser, IS_OFFERED)
    assert find(browser, "#size").text == length
    find(browser, "#forget").click()
    browser.get(url.rstrip("/") + "/?emptied#models")
    assert find(browser, "#panel-models").is_displayed()
    assert rows(browser) == 0


async def test_text_voice_tab_and_history_survive_a_reload(browser):
    async with serving(FakeSynthesizer(), models=FakeModels()) as http:
        await asyncio.to_thread(come_back, browser, http.url)


def meet_a_missing_language(browser, url):
    opened(browser, url)
    chip = find(browser, "#examples [lang=ja]")
    assert "↓" in chip.text
    assert "↓" not in find(browser, "#examples [lang=en]").text
    chip.click()
    assert "Japanese" in find(browser, "#speak-error").text
    find(browser, "#speak-error button").click()
    assert find(browser, "#panel-models").is_displayed()


async def test_a_language_that_is_not_read_leads_to_the_models(browser):
    async with serving(FakeSynthesizer(), models=FakeModels()) as http:
        await asyncio.to_thread(meet_a_missing_language, browser, http.url)


def copy_and_convert(browser, url):
    opened(browser, url)
    browser.execute_script(
        "window.copied = [];"
        "navigator.clipboard.writeText = async (text) => { copied.push(text); }"
    )
    say(browser, "It's one.")
    wait(browser, IS_OFFERED)
    find(browser, "#copy-curl").click()
    find(browser, "#copy-action").click()
    curl, action = wait(browser, "copied.length === 2 && copied")
    assert curl.startswith(f"curl '{url.rstrip('/')}/tts'")
    assert "It'\\''s one." in curl
    assert "action: tts.speak" in action
    assert 'message: "It\'s one."' in action
    browser.execute_script(
        "window.saved = []; HTMLAnchorElement.prototype.click ="
        " function () { saved.push(this.download); }"
    )
    find(browser, "#as-mp3").click()
    find(browser, "#as-opus").click()
    wait(browser, "saved.length === 2")
    assert sorted(browser.execute_script("return saved")) == [
        "It-s-one.mp3",
        "It-s-one.ogg",
    ]


async def test_a_speech_is_copied_and_saved_in_other_formats(browser):
    async with serving(FakeSynthesizer()) as http:
        await asyncio.to_thread(copy_and_convert, browser, http.url)


def instruct(browser, url, log):
    opened(browser, url)
    field = find(browser, "#instruct")
    offered = "document.querySelectorAll('#instructions option').length"
    assert browser.execute_script(f"return {offered}") == 21
    field.send_keys("请用四川话表达。")
    say(browser, "One.")
    wait(browser, IS_OFFERED)
    assert "请用四川话表达。 One" in log.entries


async def test_a_model_that_follows_instructions_is_told_how_to_speak(browser):
    model = FakeSynthesizer()
    async with serving(model) as http:
        await asyncio.to_thread(opened, browser, http.url)
        assert not find(browser, "#instruct").is_displayed()
    model.abilities = ("instruct", "sounds")
    async with serving(model) as http:
        await asyncio.to_thread(instruct, browser, http.url, model.log)


def edit_lexicon(browser, url):
    opened(browser, url)
    find(browser, "#tab-words").click()
    find(browser, "#lexicon").send_keys("PyTorch: pie torch\nno colon")
    wait(browser, "!document.querySelector('#lexicon-problems').hidden")
    assert "Line 2" in find(browser, "#lexicon-problems").text
    find(browser, "#lexicon-example").send_keys("PyTorch")
    find(browser, "#lexicon-try").click()
    wait(browser, "document.querySelector('#lexicon-spoken').textContent !== ''")
    assert "pie torch" in find(browser, "#lexicon-spoken").text
    find(browser, "#lexicon-save").click()
    wait(browser, "document.querySelector('#lexicon-saved').textContent !== ''")
    assert not find(browser, "#lexicon-error").is_displayed()


async def test_words_are_edited_tried_and_saved(browser, tmp_path: Path):
    async with serving(FakeSynthesizer(), data_dir=tmp_path) as http:
        await asyncio.to_thread(edit_lexicon, browser, http.url)
    saved = (tmp_path / "lexicon.txt").read_text("utf-8")
    assert saved == "PyTorch: pie torch\nno colon"


def reach_the_player(browser, url):
    opened(browser, url)
    find(browser, "#try-it").click()
    wait(browser, IS_OFFERED)
    for place in ("0", "document.body.scrollHeight"):
        browser.execute_script(f"window.scrollTo(0, {place})")
        box = browser.execute_script(
            "const b = document.querySelector('#play').getBoundingClientRect();"
            "return [b.top, b.bottom, innerHeight]"
        )
        assert 0 <= box[0] < box[1] <= box[2]


async def test_on_a_phone_the_player_is_always_in_reach():
    phone = {"deviceMetrics": {"width": PHONE_WIDTH, "height": 844, "pixelRatio": 2.0}}
    async with serving(FakeSynthesizer()) as http:
        with browsing(phone=phone) as browser:
            await asyncio.to_thread(reach_the_player, browser, http.url)


def choose_a_hub(browser, url, models):
    opened(browser, url)
    find(browser, "#tab-models").click()
    wait(browser, "document.querySelectorAll('#model-list li').length === 3")
    find(browser, "#hub option[value=modelscope]").click()
    find(browser, "#model-list [data-does='download big']").click()
    wait(browser, "document.querySelector('#model-list progress') !== null")
    assert (models.asked, models.hub) == (["start big"], "modelscope")
    browser.refresh()
    wait(browser, "document.querySelectorAll('#model-list li').length === 3")
    assert find(browser, "#hub").get_attribute("value") == "modelscope"


async def test_a_download_comes_from_the_hub_that_was_chosen(browser):
    """It is remembered, so that people without the other hub choose once."""
    models = FakeModels()
    async with serving(FakeSynthesizer(), models=models) as http:
        await asyncio.to_thread(choose_a_hub, browser, http.url, models)


def see_figures(browser, url):
    opened(browser, url)
    say(browser, "One. Two. Three. Four. Five.")
    wait(browser, IS_OFFERED)
    find(browser, "#tab-models").click()
    wait(browser, "document.querySelectorAll('#model-list li').length === 3")
    first = find(browser, "#model-list li.in-use").text
    assert "MB of memory in use" in first
    assert "Measured here: " in first
    assert "× faster than speech" in first
    for state in ("installed", "available"):
        other = find(browser, f"#model-list li.{state}").text
        assert "Measured" not in other
        assert "Expected here: " in other
        assert "(an estimate)" in other


async def test_speed_and_memory_are_those_of_this_machine(browser):
    async with serving(FakeSynthesizer(), models=FakeModels()) as http:
        await asyncio.to_thread(see_figures, browser, http.url)


def see_figures_at_once(browser, url):
    browser.get(f"{url}#models")
    shown = "document.querySelector('#model-list li.{}')?.textContent"
    wait(browser, f"{shown.format('in-use')}?.includes('Measured here: ')")
    assert "Expected here: " in browser.execute_script(
        f"return {shown.format('available')}"
    )
    find(browser, "#tab-speak").click()
    assert rows(browser) == 0


async def test_speed_to_expect_is_known_before_anything_was_said(browser):
    async with serving(FakeSynthesizer(), models=FakeModels()) as http:
        await asyncio.to_thread(see_figures_at_once, browser, http.url)


def read_what_is_not_used(browser, url, problem):
    opened(browser, url)
    wait(browser, "!document.querySelector('#settings').hidden")
    shown = find(browser, "#settings-problems")
    assert [row.text for row in shown.find_elements("css selector", "li")] == [problem]
    assert not shown.find_elements("css selector", "b")


async def test_settings_that_are_not_used_are_shown(browser):
    problem = "WYOMING_COSYVOICE_SPEED: '<b>fast</b>' is not a number. It is left out."
    async with serving(FakeSynthesizer(), problems=(problem,)) as http:
        await asyncio.to_thread(read_what_is_not_used, browser, http.url, problem)
    async with serving(FakeSynthesizer()) as http:
        await asyncio.to_thread(opened, browser, http.url)
        assert not find(browser, "#settings").is_displayed()
