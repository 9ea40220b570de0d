"""Files of the tiny release, changed as a test needs them."""

from __future__ import annotations

from pathlib import Path

from models.random import layout
from models.random.configuration import configuration

DATA = Path(__file__).parents[1] / "data"
SPECTRUM = "    istft_params:\n        n_fft: 16\n        hop_len: 4\n"


def changed(old, new, text=None):
    text = configuration(layout.TINY) if text is None else text
    assert old in text
    return text.replace(old, new, 1)
