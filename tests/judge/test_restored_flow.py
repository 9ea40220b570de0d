"""The flow that training reads back from a pack is, converted again, the same bytes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from wyoming_cosyvoice.cli.models import STARTER_DIR

TRAIN = Path(__file__).parents[2] / "models/starter/train"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(importlib.util.find_spec(name) for name in ("torch", "parselmouth")),
        reason="needs what models/starter/README.md installs",
    ),
]


def run(script: str, *arguments: str | Path) -> None:
    subprocess.run([sys.executable, TRAIN / script, *arguments], check=True)


def test_it_is_converted_to_the_same_weights(tmp_path):
    run("restore_flow.py", STARTER_DIR, "--state", tmp_path)
    run("repack.py", STARTER_DIR, tmp_path / "pack", "--state", tmp_path)
    for name in ("flow_encoder", "flow_encoder_positions", "flow_estimator"):
        made = (tmp_path / "pack" / f"{name}.weights").read_bytes()
        assert made == (STARTER_DIR / f"{name}.weights").read_bytes()
