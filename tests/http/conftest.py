"""An HTTP server in the test's own event loop, and a client of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.fake import FakeSynthesizer
from tests.support.http_server import Serving, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
def fake() -> FakeSynthesizer:
    return FakeSynthesizer()


@pytest.fixture
async def http(fake: FakeSynthesizer) -> AsyncIterator[Serving]:
    async with serving(fake) as running:
        yield running
