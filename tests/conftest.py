"""A tiny real model for every test that needs one; made once per session, in a second.

It is a seeded random release, so it makes noise, not speech.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.release import Packs, write_tiny_release
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.model.voice_model import VoiceModel
    from wyoming_cosyvoice.pack.pack import Pack


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a release in official layout; copy it before you change it."""
    return write_tiny_release(tmp_path_factory.mktemp("CosyVoice-300M-SFT"))


@pytest.fixture(scope="session")
def tiny_packs(
    tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> Packs:
    """Give the release's packs in all precisions."""
    return Packs(tiny_checkpoint, tmp_path_factory.mktemp("packs"))


@pytest.fixture(scope="session")
def tiny_pack(tiny_packs: Packs) -> Pack:
    """Give the pack of the default precision, int8."""
    return tiny_packs.pack(Precision.INT8)


@pytest.fixture(scope="session")
def tiny_model(tiny_packs: Packs) -> VoiceModel:
    """Give the opened networks in fp32."""
    return tiny_packs.model(Precision.FP32)
