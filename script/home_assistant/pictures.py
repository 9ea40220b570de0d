"""Screenshots of the steps that a person takes in Home Assistant."""

from __future__ import annotations

import io
import json
import shutil
import time
from typing import TYPE_CHECKING, Any

from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from selenium.webdriver.remote.webelement import WebElement

WAIT_S = 90
FILM_WIDTH = 640
FRAMES = 24
FRAME_S = 0.3
SETTLE_S = 2.5
"""Until what was opened has stopped moving."""

# The page is components within components, each with a tree of its own.
DEEP = """
const found = [];
const walk = (root) => {
  for (const one of root.querySelectorAll('*')) {
    if (one.matches(arguments[0])) found.push(one);
    if (one.shadowRoot) walk(one.shadowRoot);
  }
};
walk(arguments[2] ? arguments[2].shadowRoot : document);
const words = arguments[1];
return found.filter((one) => one.getBoundingClientRect().width > 0
  && (!words || (one.innerText || one.textContent || one.label || '').includes(words)));
"""


ENTRIES = "ha-list-item, ha-md-list-item, ha-list-item-button"


class Browser:
    """A window that is signed in."""

    def __init__(self, url: str, tokens: Mapping[str, Any], folder: Path) -> None:
        self._url, self._folder = url, folder
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "chromium"
        for flag in (
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--window-size=1000,760",
            "--lang=en",
        ):
            options.add_argument(flag)
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        self._driver = webdriver.Chrome(options, service)
        signed_in = {
            **tokens,
            "hassUrl": url,
            "clientId": f"{url}/",
            "expires": (time.time() + tokens["expires_in"]) * 1000,
        }
        self._driver.get(f"{url}/manifest.json")
        self._driver.execute_script(
            "localStorage.setItem('hassTokens', arguments[0])", json.dumps(signed_in)
        )

    def close(self) -> None:
        """Close the window."""
        self._driver.quit()

    def open(self, path: str) -> None:
        """Open a page."""
        self._driver.get(self._url + path)

    def find(
        self, css: str, words: str = "", within: WebElement | None = None
    ) -> WebElement:
        """Wait for the last element of a kind that shows these words."""
        found = WebDriverWait(self._driver, WAIT_S).until(
            lambda driver: driver.execute_script(DEEP, css, words, within),
            f"there is no {css} with {words!r}",
        )
        element: WebElement = found[-1]
        return element

    def click(self, css: str, words: str = "") -> None:
        """Click it."""
        self._driver.execute_script("arguments[0].click()", self.find(css, words))

    def type_into(self, css: str, text: str) -> None:
        """Replace what a field of the form holds."""
        field = self.find(css, within=self.find("ha-form"))
        field.send_keys(Keys.CONTROL, "a", Keys.NULL, text)

    def show(self, css: str, words: str = "") -> None:
        """Scroll to it."""
        self._driver.execute_script(
            "arguments[0].scrollIntoView({block: 'center'})", self.find(css, words)
        )

    def save(self, name: str) -> None:
        """Take a picture of the window."""
        time.sleep(SETTLE_S)
        self._driver.save_screenshot(str(self._folder / f"{name}.png"))

    def press(self, key: str) -> None:
        """Press a key that no field waits for."""
        webdriver.ActionChains(self._driver).send_keys(key).perform()

    def film(self, name: str, frames: int) -> None:
        """Record the window as a GIF."""
        taken = []
        for _ in range(frames):
            shot = Image.open(io.BytesIO(self._driver.get_screenshot_as_png()))
            size = (FILM_WIDTH, round(shot.height * FILM_WIDTH / shot.width))
            taken.append(shot.convert("RGB").resize(size).quantize(64, dither=0))
            time.sleep(FRAME_S)
        taken[0].save(
            self._folder / f"{name}.gif",
            save_all=True,
            append_images=taken[1:],
            duration=round(1000 * FRAME_S),
            loop=0,
            optimize=True,
        )


def take_discovery(url: str, tokens: Mapping[str, Any], folder: Path) -> None:
    """Take the picture of a server that Home Assistant has found: discovered.png."""
    browser = Browser(url, tokens, folder)
    try:
        browser.open("/config/integrations/dashboard")
        browser.find("ha-config-flow-card")
        browser.save("discovered")
    finally:
        browser.close()


def take_film(url: str, tokens: Mapping[str, Any], folder: Path) -> None:
    """Record a talk with the preferred assistant: talk.gif."""
    browser = Browser(url, tokens, folder)
    try:
        browser.open("/config/voice-assistants/assistants")
        browser.find("assist-pref")
        time.sleep(SETTLE_S)
        browser.press("a")  # opens the talk on every page
        browser.find("ha-assist-chat")
        time.sleep(SETTLE_S)
        browser.find("input").send_keys("How is the house?", Keys.ENTER)
        browser.film("talk", FRAMES)
    finally:
        browser.close()


def take_pictures(url: str, tokens: Mapping[str, Any], folder: Path) -> None:
    """Take the pictures of a Home Assistant to which the server has been added.

    Writes: add.png, added.png, assistant.png and try.png, 1000 pixels wide.
    """
    browser = Browser(url, tokens, folder)
    try:
        browser.open("/config/integrations/dashboard/add?domain=wyoming")
        time.sleep(SETTLE_S)
        browser.click("ha-button", "OK")
        browser.type_into("input:not([type=number])", "192.168.1.20")
        browser.type_into("input[type=number]", "10200")
        browser.save("add")

        browser.open("/config/integrations/integration/wyoming")
        browser.find("ha-config-entry-row")
        browser.save("added")

        browser.open("/config/voice-assistants/assistants")
        browser.find("assist-pref")
        browser.click(ENTRIES, "Home Assistant")
        browser.show("ha-button", "Try voice")
        time.sleep(SETTLE_S)  # the voices arrive, and the dialog grows
        browser.show("ha-button", "Try voice")
        browser.save("assistant")

        browser.click("ha-button", "Try voice")
        browser.find("textarea")
        browser.save("try")
    finally:
        browser.close()
