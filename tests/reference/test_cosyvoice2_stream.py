"""Sentences of CosyVoice2, tokens to samples, against the original's own chunks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tests.reference.directories import find_directory
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.model.chunk_stream import ChunkStream
from wyoming_cosyvoice.model.cosyvoice2 import VOCODER_OVERLAP_FRAMES, open_vocoder
from wyoming_cosyvoice.model.fade import hamming
from wyoming_cosyvoice.model.families import open_model
from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.flow_stream import FlowStream
from wyoming_cosyvoice.model.joining import Stretcher, VocoderStream
from wyoming_cosyvoice.model.noise import SourceNoise
from wyoming_cosyvoice.model.streaming import Windows
from wyoming_cosyvoice.pack.settings import FlowSettings, Precision

pytestmark = pytest.mark.ci

UPSTREAM_WINDOWS = Windows(first_tokens=25, growth=2.0, max_tokens=100)
UPSTREAM_FLOW = FlowSettings(steps=10, guidance=0.7)
LAST_DIGIT = 1e-6
"""By the peak, how far two computations of a mel or of a pitch in float32 may be apart;
the stages alone are compared in the tests beside this one. Every error of the pitch is
multiplied by the 480 samples of a frame and by all frames that follow, so the bound of
a stream's samples is how far they move if that digit of mel and pitch does."""


@pytest.fixture(scope="module")
def directory():
    return find_directory("cosyvoice2")


@pytest.fixture(scope="module")
def model(directory, tmp_path_factory):
    target = tmp_path_factory.mktemp("cosyvoice2") / "fp32"
    return open_model(
        convert(directory / "checkpoint", target, precision=Precision.FP32)
    )


@dataclass
class RecordedNoise:
    """The noise that the original drew for each chunk."""

    case: dict
    norm: float
    chunk: int = 0

    def source(self, harmonics, samples):
        mixed = self.case[f"{self.chunk}.noise_mixed"][0]
        assert mixed.shape == (samples,)
        self.chunk += 1
        return SourceNoise(np.zeros(harmonics, np.float32), mixed / self.norm)


class UpstreamFlow:
    """Solves the last chunk as the original does: all of it again, without masks."""

    def __init__(self, begin, last_digit, rng):
        self._begin = begin
        self._chunks = begin()
        self._done = 0
        self._rng = rng
        self._last_digit = last_digit

    def wanted_tokens(self, hop):
        return self._chunks.wanted_tokens(hop)

    def push(self, tokens, *, is_last, in_chunks, cancel):
        if is_last and in_chunks:
            whole = self._begin().push(tokens, is_last=True, in_chunks=False)
            return self._moved(whole[:, self._done :])
        mel = self._chunks.push(tokens, is_last=is_last, in_chunks=in_chunks)
        self._done += mel.shape[1]
        return self._moved(mel)

    def _moved(self, mel):
        digits = self._rng.standard_normal(mel.shape, np.float32)
        return (mel * (1 + np.float32(self._last_digit) * digits)).astype(np.float32)


def speak(model, case, last_digit=0.0, seed=0):
    """Return the pieces (S,) of a sentence, as the original cuts it."""
    vocoder = open_vocoder(model.pack, threads=1)
    predict, rng = vocoder.predict_f0, np.random.default_rng(seed)

    def predict_f0(mel, *, cancel=None):
        f0 = predict(mel, cancel=cancel)
        digits = rng.standard_normal(f0.shape, np.float32)
        return f0 + np.float32(last_digit) * f0.max() * digits

    vocoder.predict_f0 = predict_f0
    prompt = FlowPrompt(tuple(case["prompt_token"][0].tolist()), case["prompt_feat"][0])
    embedding = case["embedding"][0]
    stream = ChunkStream(
        UpstreamFlow(
            lambda: FlowStream(model.networks.flow, prompt, embedding, UPSTREAM_FLOW),
            last_digit,
            rng,
        ),
        Stretcher(round(float(case["speed"]), 6)),
        VocoderStream(
            vocoder,
            RecordedNoise(case, np.linalg.norm(vocoder.settings.harmonics)),
            vocoder_overlap_frames=VOCODER_OVERLAP_FRAMES,
            fade=hamming,
            restarts_source=True,
        ),
        windows=UPSTREAM_WINDOWS if len(case["chunks"]) > 1 else None,
    )
    pieces = [stream.push(token) for token in case["token"][0].tolist()]
    return [piece for piece in pieces if piece is not None] + [stream.finish()]


@pytest.mark.parametrize("name", ["chunked", "slow", "fast"])
def test_stream(model, directory, name):
    prefix = f"stream.{name}."
    arrays = np.load(directory / "reference.npz", allow_pickle=False)
    case = {key.removeprefix(prefix): arrays[key] for key in arrays if prefix in key}
    pieces = speak(model, case)
    assert [len(piece) for piece in pieces] == case["chunks"].tolist()
    samples, expected = np.concatenate(pieces), case["wav"]
    peak = np.abs(expected).max()
    moved = [
        np.abs(np.concatenate(speak(model, case, LAST_DIGIT, seed)) - samples).max()
        for seed in range(5)
    ]
    bound = max(1e-3, max(moved) / peak)
    assert bound < 0.05
    error = np.abs(samples - expected).max() / peak
    assert error <= bound, f"{error:.1e}"
