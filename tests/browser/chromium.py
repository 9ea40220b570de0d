"""A real Chromium, without a window, for the tests of the page."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

webdriver = pytest.importorskip("selenium.webdriver")
waiting = pytest.importorskip("selenium.webdriver.support.wait")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
MARKS = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"
    ),
]

"""For ``pytestmark``: slow, and skipped where there is no Chromium."""

WAIT_S = 30


@contextlib.contextmanager
def browsing(
    *more: str, phone: dict[str, Any] | None = None
) -> Iterator[webdriver.Chrome]:
    """Give a Chromium, started with these flags as well, or one of a phone."""
    options = webdriver.ChromeOptions()
    if phone is not None:
        options.add_experimental_option("mobileEmulation", phone)
    options.binary_location = CHROMIUM
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--window-size=1200,900",
        "--lang=en",
        "--autoplay-policy=no-user-gesture-required",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        *more,
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def find(browser, css):
    """Return the first element of a selector, within a browser or an element."""
    return browser.find_element("css selector", css)


def wait(browser, script):
    """Wait until an expression of the page is true; return it."""
    return waiting.WebDriverWait(browser, WAIT_S).until(
        lambda b: b.execute_script(f"return {script}")
    )
