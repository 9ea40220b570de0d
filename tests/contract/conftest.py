"""The model behind the contract tests; replace ``synthesizer`` to test a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.fake import FakeSynthesizer
from tests.support.harness import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.harness import Running
    from wyoming_cosyvoice.synth.interface import Synthesizer


@pytest.fixture
def fake() -> FakeSynthesizer:
    """Give the stand-in, for tests that need its pace or its orders."""
    return FakeSynthesizer()


@pytest.fixture
def synthesizer(fake: FakeSynthesizer) -> Synthesizer:
    """Give the model for tests that need no more than sound."""
    return fake


@pytest.fixture
async def running(synthesizer: Synthesizer) -> AsyncIterator[Running]:
    """Run a server that speaks with ``synthesizer``."""
    async with serving(lambda: synthesizer, synthesizer.voices) as server:
        await server.engine.wait_ready()
        yield server
