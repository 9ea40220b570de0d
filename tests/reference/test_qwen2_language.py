"""The language models of CosyVoice2 and 3 against what the originals computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.reference.directories import default_directory, find_directory
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.graphs.qwen2 import build_qwen2, build_text_table
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.configuration import Section
from wyoming_cosyvoice.convert.release.network import Network
from wyoming_cosyvoice.convert.release.qwen2 import (
    FOLDER,
    Qwen2Sizes,
    read_qwen2,
    read_qwen2_of_2,
)
from wyoming_cosyvoice.model.sampling import log_softmax, nucleus, sample
from wyoming_cosyvoice.model.speech_lm import SpeechLm
from wyoming_cosyvoice.model.text_encoder import TextTable
from wyoming_cosyvoice.pack.settings import Sampling

if TYPE_CHECKING:
    from pathlib import Path

READERS = {"cosyvoice2": read_qwen2_of_2, "cosyvoice3": read_qwen2}
REACHED = 1e-6


@dataclass
class Original:
    """What the original of a family computed, and its networks as ours."""

    arrays: dict
    sizes: Qwen2Sizes
    pack: Path
    bound: float


@pytest.fixture(scope="module", params=READERS)
def original(request, tmp_path_factory):
    family = request.param
    directory = find_directory(family)
    checkpoint = directory / "checkpoint"
    llm = Section.read(checkpoint / f"{family}.yaml").section("llm")
    sizes = READERS[family](llm, checkpoint / FOLDER)
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
    return Original(
        np.load(directory / "reference.npz", allow_pickle=False),
        sizes,
        target,
        REACHED if directory == default_directory(family) else 1e-3,
    )


@pytest.mark.parametrize("name", ["zero_shot", "cross_lingual", "instruct"])
def test_language_model(original, name):
    arrays = original.arrays

    def tokens(key):
        return arrays[f"lm.{name}.{key}"][0].tolist()

    text = TextTable(original.pack, threads=1).encode(
        [*tokens("prompt_text"), *tokens("text")]
    )
    forced = tokens("forced")
    decoding = SpeechLm(original.pack, threads=1).begin(
        [text.prefix], [tokens("prompt_speech")], max_tokens=len(forced)
    )
    found = [log_softmax(decoding.logits[0])]
    for token in forced:
        decoding.step([token])
        found.append(log_softmax(decoding.logits[0]))
    expected = arrays[f"lm.{name}.logp"]
    error = np.abs(np.stack(found) - expected).max() / np.abs(expected).max()
    assert error <= original.bound


def test_sampling_candidates(original):
    arrays = original.arrays
    rows = zip(
        arrays["sampling.logp"],
        arrays["sampling.count"],
        arrays["sampling.candidates"],
        strict=True,
    )
    for row, count, expected in rows:
        candidates, _ = nucleus(row, Sampling(top_p=0.8, top_k=25))
        assert candidates.tolist() == expected[:count].tolist()


def test_no_mark_ends_a_sentence_that_may_not_end(original):
    sizes = original.sizes
    logits = np.zeros(sizes.outputs, np.float32)
    logits[sizes.speech_vocabulary :] = 20.0
    rng = np.random.default_rng(0)
    settings = Sampling()
    end = sizes.speech_vocabulary
    tokens = [
        sample(logits, [], settings, rng, end_token=end, may_end=False)
        for _ in range(100)
    ]
    assert max(tokens) < end
    token = sample(logits, [], settings, rng, end_token=end, may_end=True)
    assert token >= end
