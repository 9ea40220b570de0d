"""CosyVoice2's language model against what the original computed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.graphs.qwen2 import build_qwen2, build_text_table
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.configuration import Section
from wyoming_cosyvoice.convert.release.qwen2 import FOLDER, read_qwen2_of_2
from wyoming_cosyvoice.convert.release.release import Network
from wyoming_cosyvoice.model.sampling import Sampling, log_softmax, nucleus
from wyoming_cosyvoice.model.speech_lm import SpeechLm
from wyoming_cosyvoice.model.text_encoder import TextTable

DEFAULT = Path(__file__).parent / "cosyvoice2-tiny"
REACHED = 1e-6


@pytest.fixture(scope="module")
def directory():
    found = Path(os.environ.get("REFERENCE_DIR", DEFAULT))
    if not (found / "checkpoint" / "cosyvoice2.yaml").exists():
        pytest.skip("REFERENCE_DIR holds another family")
    return found


@pytest.fixture(scope="module")
def arrays(directory):
    return np.load(directory / "reference.npz", allow_pickle=False)


@pytest.fixture(scope="module")
def pack(directory, tmp_path_factory):
    checkpoint = directory / "checkpoint"
    llm = Section.read(checkpoint / "cosyvoice2.yaml").section("llm")
    sizes = read_qwen2_of_2(llm, checkpoint / FOLDER)
    target = tmp_path_factory.mktemp("qwen2")
    with Checkpoint.open(checkpoint / "llm.pt") as opened:
        network = Network(opened)
        for build, name in (
            (build_text_table, "text_encoder"),
            (build_qwen2, "speech_lm"),
        ):
            build(Layers(Graph(target, name), network, WeightFormat.FLOAT), sizes)
        # The head of the text model, which shares its storage with the text table.
        assert network.unused() == ("llm.model.lm_head.weight",)
    return target


@pytest.mark.parametrize("name", ["zero_shot", "cross_lingual", "instruct"])
def test_language_model(pack, arrays, directory, name):
    def tokens(key):
        return arrays[f"lm.{name}.{key}"][0].tolist()

    text = TextTable(pack, threads=1).encode([*tokens("prompt_text"), *tokens("text")])
    forced = tokens("forced")
    decoding = SpeechLm(pack, threads=1).begin(
        [text.prefix], [tokens("prompt_speech")], max_tokens=len(forced)
    )
    found = [log_softmax(decoding.logits[0])]
    for token in forced:
        decoding.step([token])
        found.append(log_softmax(decoding.logits[0]))
    expected = arrays[f"lm.{name}.logp"]
    error = np.abs(np.stack(found) - expected).max() / np.abs(expected).max()
    assert error <= (REACHED if directory == DEFAULT else 1e-3)


def test_sampling_candidates(arrays):
    rows = zip(
        arrays["sampling.logp"],
        arrays["sampling.count"],
        arrays["sampling.candidates"],
        strict=True,
    )
    for row, count, expected in rows:
        candidates, _ = nucleus(row, Sampling(top_p=0.8, top_k=25))
        assert candidates.tolist() == expected[:count].tolist()
