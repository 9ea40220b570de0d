"""The stages of CosyVoice3 against what the original computed, from its checkpoint.

The directory is ours, or what REFERENCE_DIR names if it holds this family; nothing here
depends on the width of the networks. README.md says what the arrays are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tests.reference.directories import default_directory, find_directory
from wyoming_cosyvoice.convert.cosyvoice3 import (
    write_causal_vocoder,
    write_dit_flow,
)
from wyoming_cosyvoice.convert.graphs.causal_vocoder import F0_LOOK_AHEAD
from wyoming_cosyvoice.convert.graphs.dit import moments
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.configuration import Section
from wyoming_cosyvoice.convert.release.cosyvoice3 import (
    read_causal_vocoder,
    read_dit_flow,
)
from wyoming_cosyvoice.convert.release.network import Network
from wyoming_cosyvoice.convert.release.read_sizes import read_source
from wyoming_cosyvoice.model.causal_vocoder import CausalVocoder
from wyoming_cosyvoice.model.chunked_flow import ChunkedFlow
from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.flow_encoders import LookAheadEncoder
from wyoming_cosyvoice.model.flow_stream import FlowStream
from wyoming_cosyvoice.model.joining import Stretcher
from wyoming_cosyvoice.model.time_conditioning import PrecomputedTimes
from wyoming_cosyvoice.pack.settings import FlowSettings, SourceSettings

UPSTREAM_FLOW = FlowSettings(steps=10, guidance=0.7)
CASES = ("alone", "short", "zero_shot", "chunk", "chunk_last")

REACHED = {
    "mu": 1e-6,
    "speaker": 2e-6,
    "velocity": 5e-6,
    "mel": 5e-6,
    "f0": 1e-12,
    "source": 2e-6,
    "samples": 2e-4,
}
"""What these small networks reach, with a margin for other CPUs."""

LAST_DIGIT = 1e-6
"""How far two computations of a mel in float32 may be apart, and the original's own
chunks are: what a stream's samples are compared by, see ``test_stream``."""


@dataclass(frozen=True)
class Original:
    """One checkpoint, our networks made of it, and the original's results."""

    arrays: dict
    flow: ChunkedFlow
    vocoder: CausalVocoder
    moment: np.ndarray
    """What t = 0.3 does, which no schedule holds."""

    is_default: bool

    def case(self, name):
        return {
            key.removeprefix(f"{name}."): value
            for key, value in self.arrays.items()
            if key.startswith(f"{name}.")
        }

    def check(self, stage, actual, expected):
        assert actual.shape == expected.shape
        bound = REACHED[stage] if self.is_default else 1e-3
        assert np.abs(expected).max() > 0
        error = np.abs(actual - expected).max() / np.abs(expected).max()
        assert error <= bound, f"{stage}: {error:.1e}"


def time_major(array):
    return np.ascontiguousarray(array.transpose(0, 2, 1))


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    directory = find_directory("cosyvoice3")
    checkpoint = directory / "checkpoint"
    root = Section.read(checkpoint / "cosyvoice3.yaml")
    flow, hift = read_dit_flow(root.section("flow")), root.section("hift")
    causal, constants = read_causal_vocoder(hift), read_source(hift)
    pack = tmp_path_factory.mktemp("cosyvoice3")
    stored = WeightFormat.FLOAT
    with Checkpoint.open(checkpoint / "flow.pt") as opened:
        network = Network(opened)
        write_dit_flow(network, flow, pack, stored)
        assert not network.unused()
        moment = moments(network, flow.estimator, np.array([0.3], np.float32))[0]
    with Checkpoint.open(checkpoint / "hift.pt") as opened:
        network = Network(opened, prefix="generator.")
        write_causal_vocoder(network, causal, pack, stored, stored)
        weights = network.take("m_source.l_linear.weight", (1, constants.harmonics))
        offset = network.take("m_source.l_linear.bias", (1,))
        assert not network.unused()
    vocoder = CausalVocoder(
        pack,
        threads=2,
        settings=SourceSettings(
            sample_rate=root.size("sample_rate"),
            hop=causal.hift.frame_samples,
            harmonics=tuple(map(float, weights[0])),
            offset=float(offset[0]),
            amplitude=constants.amplitude,
            noise=constants.noise,
            voiced_above_hz=constants.voiced_above_hz,
        ),
        spectrum_hop=causal.hift.hop,
        pitch_ahead=F0_LOOK_AHEAD,
        filter_ahead=causal.look_ahead_frames,
        limit=causal.hift.limit,
    )
    chunked = ChunkedFlow(
        pack,
        threads=2,
        encoder=LookAheadEncoder(pack, threads=2),
        moments=PrecomputedTimes(pack),
        chunk_tokens=flow.chunk_tokens,
        look_ahead_tokens=flow.look_ahead_tokens,
    )
    arrays = dict(np.load(directory / "reference.npz", allow_pickle=False))
    is_default = directory.resolve() == default_directory("cosyvoice3").resolve()
    return Original(arrays, chunked, vocoder, moment, is_default)


def begin(original, case):
    prompt = FlowPrompt(tuple(case["prompt_token"][0].tolist()), case["prompt_feat"][0])
    return FlowStream(original.flow, prompt, case["embedding"][0], UPSTREAM_FLOW)


def in_whole_chunks(flow, tokens):
    """Push tokens as a stream gives them, up to the last whole chunk."""
    pieces = []
    while (wanted := flow.wanted_tokens()) <= len(tokens):
        pieces.append(flow.push(tokens[:wanted], is_last=False))
    return pieces


class Given:
    """The noise that the original drew, from its start."""

    def __init__(self, mixed):
        self._mixed = mixed

    def __call__(self, samples):
        taken, self._mixed = self._mixed[:samples], self._mixed[samples:]
        assert len(taken) == samples
        return taken


@pytest.mark.parametrize("name", ["whole", "part"])
@pytest.mark.parametrize("piece", [1, 7, 8, 1000])
def test_vocoder(original, name, piece):
    case = original.case(f"hift.{name}")
    mel = time_major(case["mel"])
    weights = np.array(original.vocoder.settings.harmonics, np.float32)
    stream = original.vocoder.begin(
        Given(original.arrays["hift.sine_noise"][0] @ weights)
    )
    frames, pieces = mel.shape[1], []
    for at in range(0, frames, piece):
        is_last = bool(case["is_last"]) and at + piece >= frames
        pieces.append(stream.push(mel[:, at : at + piece], is_last=is_last))
    samples = np.concatenate(pieces, axis=1)
    original.check("f0", stream.f0, case["f0"])
    # What is not the last gives a few samples more here than the original dares to.
    assert samples.shape[1] >= case["wav"].shape[1]
    original.check("samples", samples[:, : case["wav"].shape[1]], case["wav"])


def test_source(original):
    case, arrays = original.case("hift.whole"), original.arrays
    weights = np.array(original.vocoder.settings.harmonics, np.float32)
    stream = original.vocoder.begin(Given(arrays["hift.sine_noise"][0] @ weights))
    original.check("source", stream.make_source(case["f0"]), case["source"][:, 0])


@pytest.mark.parametrize("name", ["chunked", "slow", "fast"])
def test_stream(original, name):
    """Compare sentences, from tokens to samples.

    A source counts its cycles frame by frame and multiplies each by the 480 samples of
    a frame: the last digit of a mel is audible. So the bound is how far samples move if
    that digit does; each stage alone is compared above.
    """
    case = original.case(f"stream.{name}")
    tokens, flow = case["token"][0].tolist(), begin(original, case)
    if len(case["chunks"]) > 1:
        pieces = in_whole_chunks(flow, tokens)
        done = sum(piece.shape[1] for piece in pieces)
        # The original solves its last chunk without masks, with all that came before.
        whole = begin(original, case).push(tokens, is_last=True, in_chunks=False)
        pieces.append(whole[:, done:])
        mel = np.concatenate(pieces, axis=1)
    else:
        mel = flow.push(tokens, is_last=True, in_chunks=False)
        speed = round(float(case["speed"]), 6)
        mel = Stretcher(speed).push(mel, is_last=True)

    def speak(mel):
        noise = Given(original.arrays["stream.noise_mixed"][0])
        return original.vocoder.begin(noise).push(mel, is_last=True)[0]

    samples, expected = speak(mel), case["wav"]
    digits = np.random.default_rng(0).standard_normal(mel.shape)
    moved = speak((mel * (1 + LAST_DIGIT * digits)).astype(np.float32))
    bound = max(1e-3, np.abs(moved - samples).max() / np.abs(expected).max())
    assert samples.shape == expected.shape
    assert np.abs(samples - expected).max() <= bound * np.abs(expected).max()
    assert bound < 0.05
