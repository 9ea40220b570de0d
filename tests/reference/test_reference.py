"""Every stage against what the original computed, from the same checkpoint.

The directory of the original's results is ours, or what REFERENCE_DIR names; nothing
here depends on the width of its networks. README.md says what the arrays are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.noise import SourceNoise
from wyoming_cosyvoice.model.sampling import log_softmax, nucleus
from wyoming_cosyvoice.model.streaming import Sound, SoundStream, upstream_windows
from wyoming_cosyvoice.model.vocoder import KnownSource
from wyoming_cosyvoice.pack.settings import FlowSettings, Sampling

if TYPE_CHECKING:
    from wyoming_cosyvoice.model.voice_model import VoiceModel

UPSTREAM_FLOW = FlowSettings(steps=10, guidance=0.7)


@dataclass(frozen=True)
class Case:
    """The arrays of one example, as our networks take them."""

    arrays: dict
    name: str

    def __getitem__(self, key):
        return self.arrays[f"{self.name}.{key}"]

    def tokens(self, key):
        return self[key][0].tolist()

    def time_major(self, key):
        """Turn (B, M, T) as PyTorch has it into (B, T, M)."""
        return np.ascontiguousarray(self[key].transpose(0, 2, 1))

    @property
    def prompt(self):
        mel = self["prompt_feat"][0]
        return FlowPrompt(tuple(self.tokens("prompt_token")), mel if len(mel) else None)

    def source_noise(self, model, prefix=""):
        """Mix the noises of the harmonics, which the original draws one by one."""
        weights = np.array(model.vocoder.settings.harmonics)
        mixed = weights @ self[f"{prefix}sine_noise"][0] / np.linalg.norm(weights)
        return SourceNoise(self[f"{prefix}phase"][0, :, 0], mixed.astype(np.float32))


@dataclass
class RecordedNoise:
    """The random numbers that the original drew for each chunk of a stream."""

    case: Case
    model: VoiceModel
    chunk: int = 0
    used: list = field(default_factory=list)

    def flow_noise(self, frames, bins):
        noise = self.case.time_major(f"{self.chunk}.flow_noise")
        assert noise.shape == (1, frames, bins)
        return noise

    def source(self, harmonics, samples):
        noise = self.case.source_noise(self.model, f"{self.chunk}.")
        assert noise.phase.shape == (harmonics,)
        assert noise.normal.shape == (samples,)
        self.chunk += 1
        return noise


@pytest.fixture
def case(request, reference):
    return Case(reference, request.param)


def cases(*names):
    return pytest.mark.parametrize("case", names, indirect=True, ids=str)


@cases("lm.sft", "lm.zero_shot", "lm.instruct")
def test_text_and_language_model(case, model, comparison):
    speaker = case["embedding"][0] if len(case["embedding"]) else None
    tokens = case.tokens("prompt_text") + case.tokens("text")
    text = model.text_encoder.encode(tokens, speaker)
    comparison.check("text encoded", text.encoded, case["text_encoded"])

    forced = case.tokens("forced")
    decoding = model.speech_lm.begin(
        [text.prefix], [case.tokens("prompt_speech")], max_tokens=len(forced)
    )
    found = [log_softmax(decoding.logits[0])]
    for token in forced:
        decoding.step([token])
        found.append(log_softmax(decoding.logits[0]))
    comparison.check("log-probabilities", np.stack(found), case["logp"])


@cases("flow.sft", "flow.short", "flow.zero_shot")
def test_flow(case, model, comparison):
    tokens, speaker = case.tokens("token"), case["embedding"][0]
    noise = case.time_major("noise")
    mu, condition = model.flow.encode(tokens, case.prompt, speaker)
    comparison.check("mu", mu, case.time_major("mu"))

    bins = mu.shape[2]
    body, prompt = condition[:, :, :bins], condition[:, :, bins:]
    comparison.check("speaker", body, np.repeat(case["spks"][:, None], len(mu[0]), 1))
    if case["prompt_feat"].size:
        comparison.check("prompt", prompt, case.time_major("cond"))
    else:
        assert not prompt.any()

    velocity = model.flow.velocity(noise, mu, condition, 0.3)
    comparison.check("velocity", velocity, case.time_major("velocity_t0.3"))
    mel, _ = model.flow.generate(tokens, case.prompt, speaker, noise, UPSTREAM_FLOW)
    comparison.check("mel", mel, case.time_major("mel"))


@cases("hift.whole", "hift.cached")
def test_vocoder(case, model, comparison):
    mel = case.time_major("mel")
    comparison.check("f0", model.vocoder.predict_f0(mel), case["f0"])

    known = case["cache_source"][:, 0]
    none = np.zeros((1, 0), np.float32)
    made = model.vocoder.generate(
        mel, case.source_noise(model), known=KnownSource(none, known, 0.0)
    )
    comparison.check("source", made.source, case["source"][:, 0])
    comparison.check("samples", made.samples, case["wav"])
    filtered = model.vocoder.filter(mel, case["source"][:, 0])
    comparison.check("filter", filtered, case["wav"])


@cases("stream.chunked", "stream.slow", "stream.fast")
def test_stream(case, model, comparison):
    is_chunked = len(case["chunks"]) > 1
    noise = RecordedNoise(case, model)
    stream = SoundStream(
        model.flow,
        model.vocoder,
        Sound(case["embedding"][0], case.prompt, UPSTREAM_FLOW, float(case["speed"])),
        noise,
        windows=upstream_windows(model.manifest.token_rate) if is_chunked else None,
    )
    pieces = [stream.push(token) for token in case.tokens("token")]
    pieces = [piece for piece in pieces if piece is not None] + [stream.finish()]
    assert [len(piece) for piece in pieces] == case["chunks"].tolist()
    stage = "chunked" if is_chunked else "speed"
    comparison.check(stage, np.concatenate(pieces), case["wav"])


def test_sampling_candidates(reference):
    case = Case(reference, "sampling")
    for row, count, expected in zip(
        case["logp"], case["count"], case["candidates"], strict=True
    ):
        candidates, probabilities = nucleus(row, Sampling(top_p=0.8, top_k=25))
        assert candidates.tolist() == expected[:count].tolist()
        assert probabilities == pytest.approx(np.exp(row[candidates]))
