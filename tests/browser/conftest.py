from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import browsing

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def browser() -> Iterator[object]:
    with browsing() as driver:
        yield driver
