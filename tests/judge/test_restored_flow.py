"""The flow that training reads back from a pack is, converted again, the same bytes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.judge.training import TRAIN, slow_and_needing
from wyoming_cosyvoice.library.installed import STARTER_DIR

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = slow_and_needing("torch", "parselmouth")


def run(script: str, *arguments: str | Path) -> None:
    subprocess.run([sys.executable, TRAIN / script, *arguments], check=True)


def test_it_is_converted_to_the_same_weights(tmp_path):
    run("restore_flow.py", STARTER_DIR, "--state", tmp_path)
    run("repack.py", STARTER_DIR, tmp_path / "pack", "--state", tmp_path)
    for name in ("flow_encoder", "flow_encoder_positions", "flow_estimator"):
        made = (tmp_path / "pack" / f"{name}.weights").read_bytes()
        assert made == (STARTER_DIR / f"{name}.weights").read_bytes()
