"""CosyVoice2 and 3 from a folder on disk to sound: ``convert``, ``say``, ``serve``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models import later_layout
from models.make_checkpoint import write_release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]

SIZES = {"cosyvoice2": later_layout.TINY_2, "cosyvoice3": later_layout.TINY_3}


@pytest.fixture(scope="module", params=SIZES)
def release(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give a release without voices, as official ones are."""
    folder = tmp_path_factory.mktemp("releases") / f"{request.param}-0.5b"
    write_release(folder, SIZES[request.param])
    return folder
