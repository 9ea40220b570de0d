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
from wyoming_cosyvoice.files import parse_json
from wyoming_cosyvoice.model import cosyvoice2, cosyvoice3
from wyoming_cosyvoice.model.sampling import log_softmax, nucleus, sample
from wyoming_cosyvoice.model.speech_lm import SpeechLm
from wyoming_cosyvoice.model.text_ahead import AheadDecoding
from wyoming_cosyvoice.model.text_encoder import TextTable
from wyoming_cosyvoice.pack.settings import Sampling
from wyoming_cosyvoice.tokenizer.qwen_marks import END_OF_PROMPT

if TYPE_CHECKING:
    from pathlib import Path

FILL_MARKS = {"cosyvoice2": cosyvoice2.FILL_MARK, "cosyvoice3": cosyvoice3.FILL_MARK}
READERS = {"cosyvoice2": read_qwen2_of_2, "cosyvoice3": read_qwen2}
REACHED = 1e-6


@dataclass
class Original:
    """What the original of a family computed, and its networks as ours."""

    arrays: dict
    sizes: Qwen2Sizes
    pack: Path
    bound: float
    fill_token: int
    end_of_prompt: int


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
        sizes.speech_vocabulary + FILL_MARKS[family],
        parse_json((directory / "tokens.json").read_bytes())["special"][END_OF_PROMPT],
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


class Replay:
    """Draws what the original was told to draw; notes logits and whether it may end."""

    def __init__(self, drawn, original):
        end = original.sizes.speech_vocabulary
        fill = original.fill_token
        self._drawn = iter([fill if token < 0 else token for token in drawn] + [end])
        self.passes = 0
        self.found = {}
        self.may_end = []

    def __call__(self, logits, *, may_end):
        self.may_end.append(may_end)
        self.found[self.passes] = log_softmax(logits)
        return next(self._drawn)


@pytest.mark.parametrize("name", ["bistream", "bistream_alone"])
def test_text_ahead(original, name):
    """Text that comes in pieces, while speech is made of what is there."""
    arrays = original.arrays
    if f"lm.{name}.text" not in arrays:
        pytest.skip("the original of this family has none")

    def tokens(key):
        return arrays[f"lm.{name}.{key}"].ravel().tolist()

    prompt = tokens("prompt_text")
    begin = 0
    if original.end_of_prompt in prompt:
        begin = prompt.index(original.end_of_prompt) + 1
    replay = Replay(tokens("drawn"), original)
    decoding = AheadDecoding(
        SpeechLm(original.pack, threads=1, end_token=original.sizes.speech_vocabulary),
        TextTable(original.pack, threads=1),
        replay,
        fill_token=original.fill_token,
        capacity=200,
        opening=prompt[:begin],
        prompt_text=prompt[begin:],
        prompt_speech=tokens("prompt_speech"),
    )
    text = tokens("text")
    spoken = []
    for count in [*tokens("pieces"), None]:
        if count is None:
            decoding.finish()
        else:
            decoding.feed(text[:count])
            text = text[count:]
        while not (decoding.wants_text or decoding.is_over):
            token = decoding.advance()
            replay.passes += 1
            spoken += [] if token is None else [token]
    assert decoding.is_over
    assert spoken == tokens("spoken")
    assert replay.may_end == tokens("may_end")
    assert replay.passes == len(tokens("appended"))
    expected = arrays[f"lm.{name}.logp"]
    found = np.stack([replay.found[place] for place in tokens("kept")])
    error = np.abs(found - expected).max() / np.abs(expected).max()
    assert error <= original.bound


@pytest.mark.parametrize("name", ["zero_shot", "cross_lingual"])
def test_text_that_is_complete_before_speech_is_laid_out_as_a_whole(original, name):
    arrays = original.arrays

    def tokens(key):
        return arrays[f"lm.{name}.{key}"].ravel().tolist()

    replay = Replay(tokens("forced"), original)
    decoding = AheadDecoding(
        SpeechLm(original.pack, threads=1, end_token=original.sizes.speech_vocabulary),
        TextTable(original.pack, threads=1),
        replay,
        fill_token=original.fill_token,
        capacity=200,
        prompt_text=tokens("prompt_text"),
        prompt_speech=tokens("prompt_speech"),
    )
    decoding.feed(tokens("text"))
    decoding.finish()
    while not decoding.is_over:
        decoding.advance()
        replay.passes += 1
    expected = arrays[f"lm.{name}.logp"]
    found = np.stack(list(replay.found.values()))
    assert np.abs(found - expected).max() <= original.bound * np.abs(expected).max()


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
