"""The original's results, our networks, and a table of how far they are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.reference.comparison import Comparison
from tests.reference.directories import default_directory, find_directory
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.model.voice_model import VoiceModel
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_COMPARISON = pytest.StashKey[Comparison]()


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """Give the directory to compare with: ours, or what REFERENCE_DIR names."""
    return find_directory("cosyvoice")


@pytest.fixture(scope="session")
def reference(reference_dir: Path) -> Mapping[str, NDArray[np.generic]]:
    """Give what the original computed."""
    return np.load(reference_dir / "reference.npz", allow_pickle=False)


@pytest.fixture(scope="session")
def model(reference_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> VoiceModel:
    """Give our networks in fp32, converted from the original's checkpoint."""
    target = tmp_path_factory.mktemp("reference") / "fp32"
    pack = convert(reference_dir / "checkpoint", target, precision=Precision.FP32)
    return VoiceModel(pack)


@pytest.fixture(scope="session")
def comparison(reference_dir: Path, pytestconfig: pytest.Config) -> Comparison:
    """Give the judge of agreement."""
    found = Comparison(
        is_default=reference_dir.resolve() == default_directory("cosyvoice")
    )
    pytestconfig.stash[_COMPARISON] = found
    return found


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the worst error of every stage."""
    comparison = config.stash.get(_COMPARISON, None)
    if comparison is not None and comparison.worst:
        terminalreporter.section("agreement with the original")
        terminalreporter.write_line("stage              worst    bound")
        for stage, error in comparison.worst.items():
            bound = comparison.bound(stage)
            terminalreporter.write_line(f"{stage:17}  {error:.1e}  {bound:.0e}")
