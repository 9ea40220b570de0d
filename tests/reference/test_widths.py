"""The networks with most of the weights, at other widths and at the full one.

There are vectors of the originals at one width only. A restatement in numpy agrees with
them there; at other widths, counts of heads and blocks it stands for the originals.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.reference.directories import find_directory
from tests.reference.restated import RandomWeights, dit, qwen2
from wyoming_cosyvoice.convert.graphs.dit import build_dit, moments
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.graphs.qwen2 import build_qwen2
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.configuration import Section
from wyoming_cosyvoice.convert.release.cosyvoice3 import DitSizes, read_dit_flow
from wyoming_cosyvoice.convert.release.network import Network
from wyoming_cosyvoice.convert.release.qwen2 import (
    FOLDER,
    Qwen2Sizes,
    read_qwen2,
    read_qwen2_of_2,
)
from wyoming_cosyvoice.model.chunked_flow import ChunkedFlow
from wyoming_cosyvoice.model.sampling import log_softmax
from wyoming_cosyvoice.model.speech_lm import SpeechLm

READERS = {"cosyvoice2": read_qwen2_of_2, "cosyvoice3": read_qwen2}
BOUND = 1e-5
"""By the peak. Of the original's own precision 1e-6 is left at the width of the
vectors, and more terms of each sum round more."""

LANGUAGE_MODEL = Qwen2Sizes(
    width=96,
    heads=6,
    key_heads=2,
    head_width=16,
    hidden=200,
    blocks=3,
    text_vocabulary=100,
    epsilon=1e-6,
    rotation_base=1_000_000.0,
    speech_vocabulary=300,
    speech_rows=320,
    outputs=320,
    marks_table="speech_embedding",
    marks_rows=320,
    begin_row=300,
    task_row=302,
    has_decoder_bias=False,
)
FULL_LANGUAGE_MODEL = replace(
    LANGUAGE_MODEL,
    width=896,
    heads=14,
    head_width=64,
    hidden=4864,
    blocks=24,
    speech_vocabulary=6561,
    speech_rows=6761,
    outputs=6761,
)
ESTIMATOR = DitSizes(
    mel_bins=80, width=96, heads=3, head_width=16, hidden=150, blocks=3
)
FULL_ESTIMATOR = DitSizes(
    mel_bins=80, width=1024, heads=16, head_width=64, hidden=2048, blocks=22
)


def peak_error(found, expected):
    assert found.shape == expected.shape
    return np.abs(found - expected).max() / np.abs(expected).max()


@pytest.mark.parametrize("family", READERS)
def test_the_restated_language_model_is_the_original(family):
    directory = find_directory(family)
    checkpoint = directory / "checkpoint"
    llm = Section.read(checkpoint / f"{family}.yaml").section("llm")
    sizes = READERS[family](llm, checkpoint / FOLDER)
    arrays = np.load(directory / "reference.npz", allow_pickle=False)
    case = {name: arrays[f"lm.zero_shot.{name}"] for name in _CASE}
    with Checkpoint.open(checkpoint / "llm.pt") as opened:
        source = Network(opened)
        text = source.take(
            "llm.model.model.embed_tokens.weight", (sizes.text_vocabulary, sizes.width)
        )
        speech = source.take(
            "speech_embedding.weight", (sizes.speech_rows, sizes.width)
        )
        marks = source.take(
            f"{sizes.marks_table}.weight", (sizes.marks_rows, sizes.width)
        )
        rows = np.concatenate(
            [
                marks[[sizes.begin_row]],
                text[case["prompt_text"][0]],
                text[case["text"][0]],
                marks[[sizes.task_row]],
                speech[case["prompt_speech"][0]],
                speech[case["forced"][0]],
            ]
        )
        logits = qwen2(source, sizes, rows.astype(np.float64))
    expected = case["logp"]
    found = np.stack([log_softmax(row) for row in logits[-len(expected) :]])
    assert peak_error(found, expected) <= BOUND


_CASE = ("prompt_text", "text", "prompt_speech", "forced", "logp")


@pytest.mark.parametrize("name", ["alone", "short", "zero_shot"])
def test_the_restated_estimator_is_the_original(name):
    directory = find_directory("cosyvoice3")
    checkpoint = directory / "checkpoint"
    section = Section.read(checkpoint / "cosyvoice3.yaml").section("flow")
    arrays = np.load(directory / "reference.npz", allow_pickle=False)
    case = {each: arrays[f"flow.{name}.{each}"] for each in ("cond", "mu", "spks")}
    frames = case["mu"].shape[2]
    noise = arrays["flow.noise"][0, :, :frames].T.astype(np.float64)
    speakers = np.repeat(case["spks"], frames, axis=0)
    condition = np.concatenate([case["cond"][0].T, case["mu"][0].T, speakers], axis=1)
    sizes = read_dit_flow(section).estimator
    with Checkpoint.open(checkpoint / "flow.pt") as opened:
        source = Network(opened)
        velocity = [
            dit(source, sizes, noise, row, 0.3)
            for row in (condition, np.zeros_like(condition))
        ]
    expected = arrays[f"flow.{name}.velocity_t0.3"].transpose(0, 2, 1)
    assert peak_error(np.stack(velocity), expected) <= BOUND


@pytest.mark.parametrize(
    "sizes",
    [
        LANGUAGE_MODEL,
        replace(LANGUAGE_MODEL, key_heads=6, has_decoder_bias=True),
        replace(LANGUAGE_MODEL, width=80, heads=5, key_heads=1, head_width=32),
        pytest.param(FULL_LANGUAGE_MODEL, marks=pytest.mark.slow),
    ],
    ids=lambda sizes: f"{sizes.width}-{sizes.heads}-{sizes.key_heads}",
)
def test_a_language_model_of_any_width(sizes, tmp_path):
    source, rng = RandomWeights(), np.random.default_rng(1)
    build_qwen2(Layers(Graph(tmp_path, "speech_lm"), source, WeightFormat.FLOAT), sizes)
    prefix = rng.standard_normal((1, 9, sizes.width), np.float32)
    prompt, forced = rng.integers(0, sizes.speech_vocabulary, (2, 6)).tolist()
    decoding = SpeechLm(tmp_path, threads=1).begin([prefix], [prompt], max_tokens=6)
    found = [decoding.logits[0].copy()]
    for token in forced:
        decoding.step([token])
        found.append(decoding.logits[0].copy())
    table = source.take("speech_embedding.weight", (sizes.speech_rows, sizes.width))
    rows = np.concatenate([prefix[0], table[prompt], table[forced]])
    expected = qwen2(source, sizes, rows.astype(np.float64))[-len(found) :]
    assert peak_error(np.stack(found), expected) <= BOUND


@pytest.mark.parametrize(
    "sizes",
    [
        ESTIMATOR,
        replace(ESTIMATOR, width=64, heads=5, head_width=8, hidden=40),
        pytest.param(FULL_ESTIMATOR, marks=pytest.mark.slow),
    ],
    ids=lambda sizes: f"{sizes.width}-{sizes.heads}",
)
def test_an_estimator_of_any_width(sizes, tmp_path):
    source, rng = RandomWeights(), np.random.default_rng(2)
    build_dit(
        Layers(Graph(tmp_path, "flow_estimator"), source, WeightFormat.FLOAT), sizes
    )
    flow = ChunkedFlow(
        tmp_path,
        threads=1,
        encoder=None,
        moments=None,
        chunk_tokens=25,
        look_ahead_tokens=3,
    )
    mel = rng.standard_normal((1, 40, 80), np.float32)
    rows = rng.standard_normal((2, 40, 240), np.float32)
    moment = moments(source, sizes, np.array([0.3], np.float32))[0]
    found = flow.velocity(mel, rows, moment, flow.empty_memory(2), remembers=False)
    expected = [
        dit(source, sizes, mel[0].astype(np.float64), row.astype(np.float64), 0.3)
        for row in rows
    ]
    assert peak_error(found, np.stack(expected)) <= BOUND
