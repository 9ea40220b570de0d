"""The page by screen reader or keyboard: axe's rules, and every tab by keyboard."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import MARKS, browsing, find, wait
from tests.browser.pages import PHONE_WIDTH, serving_voices, speak
from tests.support.cloning_fake import ListeningFake
from tests.support.fake import FakeSynthesizer
from tests.support.fake_models import FakeModels
from tests.support.http_server import serving
from tests.support.recordings import wav

if TYPE_CHECKING:
    from pathlib import Path

axe = pytest.importorskip("selenium_axe_python")
chains = pytest.importorskip("selenium.webdriver.common.action_chains")
Keys = pytest.importorskip("selenium.webdriver.common.keys").Keys
pytestmark = MARKS

RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
        "best-practice",
    ]
}


def complaints(browser) -> list[str]:
    """Return what axe finds wrong with what is shown: the rule and where."""
    judge = axe.Axe(browser)
    judge.inject()
    found = judge.run(options=RULES)["violations"]
    return [
        f"{rule['id']}: {rule['help']} {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def check_all_tabs(browser, url):
    speak(browser, url)
    for language in ("en", "zh-Hans", "zh-Hant"):
        browser.execute_script(
            "const s = document.querySelector('#page-language');"
            "s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
            language,
        )
        for scheme in ("light", "dark"):
            browser.execute_cdp_cmd(
                "Emulation.setEmulatedMedia",
                {
                    "features": [
                        {"name": "prefers-color-scheme", "value": scheme},
                        {"name": "prefers-reduced-motion", "value": "reduce"},
                    ]
                },
            )
            for tab in ("speak", "voices", "models", "words"):
                find(browser, f"#tab-{tab}").click()
                if tab in ("voices", "models"):
                    wait(browser, f"document.querySelector('#{tab[:-1]}-list li')")
                assert complaints(browser) == [], (language, scheme, tab)


@pytest.mark.parametrize("device", ["desk", "phone"])
async def test_axe_has_no_complaint(device: str):
    size = {"width": PHONE_WIDTH, "height": 844, "pixelRatio": 2.0}
    phone = {"deviceMetrics": size} if device == "phone" else None
    async with serving(FakeSynthesizer(), models=FakeModels()) as http:
        with browsing(phone=phone) as chromium:
            await asyncio.to_thread(check_all_tabs, chromium, http.url)


def press(browser, *keys: str) -> str:
    """Press keys one after the other; return the id of what has the focus then."""
    chains.ActionChains(browser).send_keys(*keys).perform()
    return browser.execute_script(
        "const a = document.activeElement; return a.id || a.className || a.tagName"
    )


def press_until(browser, key: str, wanted: str) -> None:
    """Press a key until an element has the focus, which must show where it is."""
    seen = []
    while press(browser, key) != wanted:
        seen.append(browser.execute_script("return document.activeElement.outerHTML"))
        assert len(seen) < 40, seen
    assert browser.execute_script(
        "const a = document.activeElement, s = getComputedStyle(a);"
        "return a.matches(':focus-visible') && (s.outlineStyle !== 'none' ||"
        " a.closest('.editor') !== null)"
    )


def speak_by_keyboard(browser, url):
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length > 3")
    assert press(browser, Keys.TAB) == "skip"
    press(browser, Keys.ENTER)  # leaves out the tabs
    press_until(browser, Keys.TAB, "text")
    press(browser, "One. Two. Three.")
    press_until(browser, Keys.TAB, "pick")
    press(browser, Keys.ARROW_RIGHT)
    assert find(browser, "#voice :checked").get_attribute("value") == "zh-female"
    press_until(browser, Keys.TAB, "speed")
    press(browser, Keys.ARROW_RIGHT)
    assert find(browser, "#speed-shown").text == "1.05×"
    press_until(browser, Keys.TAB, "generate")
    press(browser, Keys.ENTER)
    wait(browser, "!document.querySelector('#download').ariaDisabled")
    assert find(browser, "#announce").get_attribute("textContent") != ""
    press_until(browser, Keys.TAB, "scope")
    press(browser, Keys.END)
    at_end = find(browser, "#scope").get_attribute("aria-valuenow")
    press(browser, Keys.HOME)
    at_begin = find(browser, "#scope").get_attribute("aria-valuenow")
    assert float(at_end) > float(at_begin) == 0
    press_until(browser, Keys.TAB, "play")
    assert find(browser, "#play").accessible_name != ""


async def test_a_text_is_spoken_by_keyboard(browser):
    async with serving(FakeSynthesizer()) as http:
        await asyncio.to_thread(speak_by_keyboard, browser, http.url)


def go_round_tabs(browser, url):
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length > 3")
    press_until(browser, Keys.TAB, "tab-speak")
    shown = [press(browser, Keys.ARROW_RIGHT) for _ in range(4)]
    assert shown == ["tab-voices", "tab-models", "tab-words", "tab-speak"]
    assert press(browser, Keys.END) == "tab-words"
    assert press(browser, Keys.HOME) == "tab-speak"
    assert press(browser, Keys.ARROW_LEFT) == "tab-words"
    assert find(browser, "#panel-words").is_displayed()


async def test_the_tabs_follow_the_arrows(browser):
    async with serving(FakeSynthesizer(), models=FakeModels()) as http:
        await asyncio.to_thread(go_round_tabs, browser, http.url)


def delete_by_keyboard(browser, url, recording):
    browser.get(url)
    wait(browser, "document.querySelectorAll('#voice .pick').length > 3")
    press_until(browser, Keys.TAB, "tab-speak")
    press(browser, Keys.ARROW_RIGHT)
    find(browser, "#file").send_keys(str(recording))  # the system's own dialog
    wait(browser, "!document.querySelector('#make').disabled")
    press_until(browser, Keys.TAB, "voice-name")
    press(browser, Keys.ENTER)  # as in any form
    wait(browser, "document.querySelector('#voice-list .tag.good') !== null")
    for answer in (Keys.ESCAPE, Keys.ENTER):
        press_until(browser, Keys.TAB, "danger")
        before = browser.execute_script("return document.activeElement.ariaLabel")
        assert "Ann" in before  # not only "Delete"
        press(browser, Keys.ENTER)
        wait(browser, "document.querySelector('#ask').open")
        assert complaints(browser) == []
        if answer == Keys.ENTER:
            press_until(browser, Keys.TAB, "ask-yes")
        press(browser, answer)
        wait(browser, "!document.querySelector('#ask').open")
        if answer == Keys.ESCAPE:  # nothing was lost, not even the place
            assert find(browser, "#voice-list .tag.good").is_displayed()
            assert (
                browser.execute_script("return document.activeElement.ariaLabel")
                == before
            )
            press(browser, Keys.SHIFT, Keys.TAB, Keys.SHIFT)
    wait(browser, "document.querySelector('#voice-list .tag.good') === null")


async def test_a_voice_is_deleted_by_keyboard(browser, tmp_path: Path):
    recording = tmp_path / "Ann.wav"
    recording.write_bytes(wav())
    fake = ListeningFake()
    async with serving_voices(lambda: fake, tmp_path / "voices") as url:
        await asyncio.to_thread(delete_by_keyboard, browser, url, recording)
    assert not (tmp_path / "voices" / "ann").exists()
