"""Page and add-on have one icon."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support import ROOT

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture
def drawing() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "icons", ROOT / "script/draw_icons.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_icon_of_the_page_is_what_the_script_draws(drawing: ModuleType) -> None:
    assert drawing.SVG.read_text(encoding="utf-8") == drawing.svg()


def test_icon_of_the_addon_is_the_same_drawing(drawing: ModuleType) -> None:
    """Pictures of two versions of the library may differ by a shade."""
    pictures = pytest.importorskip("PIL.Image")
    kept = np.asarray(pictures.open(ROOT / "addon/icon.png").convert("RGBA"), float)
    drawn = np.asarray(drawing.bubble(kept.shape[0]), float)
    assert np.abs(kept - drawn).mean() < 1.0


def test_the_page_names_no_other_icon() -> None:
    page = ROOT / "wyoming_cosyvoice/server/http/static/index.html"
    assert page.read_text(encoding="utf-8").count("static/icon.svg") == 2
    assert not list(page.parent.glob("*.png"))
