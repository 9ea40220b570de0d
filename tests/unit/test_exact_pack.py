"""The starter voice in float32, from its own pack: what rounding activations costs."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import onnx
import pytest

from tests.support import ROOT
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.voice_model import VoiceModel
from wyoming_cosyvoice.pack.pack import Pack

EXACT = "models.starter.evaluate.exact"


@pytest.fixture(scope="module")
def exact(tmp_path_factory):
    target = tmp_path_factory.mktemp("exact") / "pack"
    command = [sys.executable, "-m", EXACT, STARTER_DIR, target]
    subprocess.run(command, cwd=ROOT, check=True)
    return Pack.open(target, verify=True)


def test_nothing_is_rounded(exact):
    for path in exact.directory.glob("*.onnx"):
        graph = onnx.load(path, load_external_data=False).graph
        operators = {node.op_type for node in graph.node}
        assert not {name for name in operators if "Quant" in name or "Bits" in name}
        assert "MatMulIntegerToFloat" not in operators
    assert exact.manifest.precision == "fp32"


def test_stages_compute_what_the_pack_computes(exact):
    rounded, floats = (
        VoiceModel(pack, threads=1) for pack in (Pack.open(STARTER_DIR), exact)
    )
    rng = np.random.default_rng(3)
    mel = rng.normal(-5, 2, (1, 40, 80)).astype(np.float32)
    source = rng.normal(0, 0.03, (1, 40 * 256)).astype(np.float32)
    pairs = {
        "text": [
            model.text_encoder.encode([5, 9, 20, 31], None).prefix
            for model in (rounded, floats)
        ],
        "waveform": [model.vocoder.filter(mel, source) for model in (rounded, floats)],
    }
    for name, (found, expected) in pairs.items():
        error = np.square(found - expected).mean() / np.square(expected).mean()
        # 40 and 20 dB: rounded per block, and per call of a mel that is mere noise.
        # Eight bits cannot be without any error.
        assert 0 < error < {"text": 1e-4, "waveform": 1e-2}[name], name
