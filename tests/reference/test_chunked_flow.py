"""The flows of CosyVoice2 and 3 against what the originals computed.

The directories are ours, or what REFERENCE_DIR names; nothing here depends on the width
of the networks. README.md says what the arrays are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.reference.directories import default_directory, find_directory
from tests.reference.flows import FAMILIES, UPSTREAM_FLOW, open_flow
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.model.fixed_noise import fixed_noise
from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.flow_encoders import FRAMES_PER_TOKEN
from wyoming_cosyvoice.model.flow_stream import FlowStream

if TYPE_CHECKING:
    from wyoming_cosyvoice.model.chunked_flow import ChunkedFlow

CASES = ("alone", "short", "zero_shot", "chunk", "chunk_last")
MAX_FRAMES = 1000

REACHED = {"mu": 5e-6, "speaker": 2e-6, "velocity": 5e-6, "mel": 5e-6}
"""What these small networks reach, with a margin for other CPUs."""


@dataclass
class Original:
    """One flow as ours, and the original's results."""

    arrays: dict
    flow: ChunkedFlow
    moment: np.ndarray
    """What t = 0.3 is to the estimator, which no schedule holds."""

    is_default: bool

    def case(self, name):
        return {
            key.removeprefix(f"flow.{name}."): value
            for key, value in self.arrays.items()
            if key.startswith(f"flow.{name}.")
        }

    def begin(self, case):
        prompt = FlowPrompt(
            tuple(case["prompt_token"][0].tolist()), case["prompt_feat"][0]
        )
        return FlowStream(self.flow, prompt, case["embedding"][0], UPSTREAM_FLOW)

    def check(self, stage, actual, expected):
        assert actual.shape == expected.shape
        bound = REACHED[stage] if self.is_default else 1e-3
        assert np.abs(expected).max() > 0
        error = np.abs(actual - expected).max() / np.abs(expected).max()
        assert error <= bound, f"{stage}: {error:.1e}"


@pytest.fixture(scope="module", params=FAMILIES)
def family(request):
    return request.param


@pytest.fixture(scope="module")
def original(family, tmp_path_factory):
    directory = find_directory(family)
    pack = tmp_path_factory.mktemp(family)
    flow, moment = open_flow(
        family, directory, pack, WeightFormat.FLOAT, max_frames=MAX_FRAMES
    )
    arrays = dict(np.load(directory / "reference.npz", allow_pickle=False))
    is_default = directory.resolve() == default_directory(family).resolve()
    return Original(arrays, flow, moment, is_default)


def time_major(array):
    return np.ascontiguousarray(array.transpose(0, 2, 1))


def in_whole_chunks(flow, tokens):
    """Push tokens as a stream gives them, up to the last whole chunk."""
    pieces = []
    while (wanted := flow.wanted_tokens()) <= len(tokens):
        pieces.append(flow.push(tokens[:wanted], is_last=False))
    return pieces


def test_noise(original):
    expected = time_major(original.arrays["flow.noise"])
    assert np.abs(fixed_noise()[:, : expected.shape[1]] - expected).max() < 1e-6


@pytest.mark.parametrize("name", CASES)
def test_flow_encoder(original, name):
    case = original.case(name)
    tokens = [*case["prompt_token"][0].tolist(), *case["token"][0].tolist()]
    mu, speaker = original.flow.encoder.encode(
        tokens,
        case["embedding"][0],
        ahead_tokens=0 if case["is_last"] else original.flow.look_ahead_tokens,
        in_chunks=bool(case["is_chunked"]),
    )
    original.check("mu", mu, time_major(case["mu"]))
    original.check("speaker", speaker, case["spks"])


@pytest.mark.parametrize("name", CASES)
def test_velocity(original, name):
    case, flow = original.case(name), original.flow
    condition = flow.condition(
        time_major(case["mu"]), case["spks"], case["prompt_feat"][0]
    )
    rows = np.concatenate([condition, np.zeros_like(condition)])
    frames = rows.shape[1]
    chunk = FRAMES_PER_TOKEN * flow.chunk_tokens if case["is_chunked"] else frames
    noise, memory = fixed_noise()[:, :frames], flow.empty_memory(rows=2)
    pieces = [
        flow.velocity(
            noise[:, at : at + chunk], rows[:, at : at + chunk], original.moment, memory
        )
        for at in range(0, frames, chunk)
    ]
    velocity = np.concatenate(pieces, axis=1)
    original.check("velocity", velocity, time_major(case["velocity_t0.3"]))


@pytest.mark.parametrize("name", CASES)
def test_mel(original, name):
    case = original.case(name)
    mel = original.begin(case).push(
        case["token"][0].tolist(),
        is_last=bool(case["is_last"]),
        in_chunks=bool(case["is_chunked"]),
    )
    original.check("mel", mel, time_major(case["mel"]))


@pytest.mark.parametrize("name", ["chunk", "chunk_last"])
def test_a_mel_that_comes_in_chunks_is_that_of_the_whole(original, name):
    case = original.case(name)
    tokens, flow = case["token"][0].tolist(), original.begin(case)
    pieces = in_whole_chunks(flow, tokens)
    assert len(pieces) > 1
    if case["is_last"]:
        pieces.append(flow.push(tokens, is_last=True))
    original.check("mel", np.concatenate(pieces, axis=1), time_major(case["mel"]))


@pytest.mark.ci
def test_a_prompt_is_solved_once_and_the_next_sentence_is_the_same(
    original, monkeypatch
):
    flow, case = original.flow, original.case("chunk_last")
    rng = np.random.default_rng(0)
    # One chunk of it, and what that looks ahead to, is whole without the sentence.
    count = flow.chunk_tokens + flow.look_ahead_tokens
    frames = FRAMES_PER_TOKEN * count
    case |= {
        "prompt_token": rng.integers(0, 6561, (1, count)),
        "prompt_feat": rng.standard_normal((1, frames, flow.mel_bins), np.float32),
    }
    solved = []
    velocity = flow.velocity

    def counted(mel, *args, **kwargs):
        solved.append(mel.shape[1])
        return velocity(mel, *args, **kwargs)

    monkeypatch.setattr(flow, "velocity", counted)

    def speak():
        solved.clear()
        mel = original.begin(case).push(case["token"][0].tolist(), is_last=True)
        return mel, sum(solved)

    first, work = speak()
    second, work_again = speak()
    assert np.array_equal(first, second)
    chunk = FRAMES_PER_TOKEN * flow.chunk_tokens
    assert work - work_again == UPSTREAM_FLOW.steps * chunk
    tokens = case["token"][0].tolist()
    together = [original.begin(case) for _ in range(2)]
    pieces = [
        [stream.push(tokens[: stream.wanted_tokens()], is_last=False)]
        for stream in together
    ]
    for stream, parts in zip(together, pieces, strict=True):
        parts.append(stream.push(tokens, is_last=True))
    for parts in pieces:
        assert np.array_equal(np.concatenate(parts, axis=1), first)
    assert np.array_equal(speak()[0], first)
    case["embedding"] = -case["embedding"]
    other, work_of_another = speak()
    assert work_of_another == work
    assert not np.allclose(first, other)


def test_the_prompt_of_a_voice_is_in_memory_once(original, monkeypatch):
    """Each copy of a prompt of three seconds takes 170 MB at the full size."""
    flow, case = original.flow, original.case("chunk_last")
    rng = np.random.default_rng(1)
    count = 2 * flow.chunk_tokens + flow.look_ahead_tokens
    shape = (1, FRAMES_PER_TOKEN * count, flow.mel_bins)
    case |= {
        "prompt_token": rng.integers(0, 6561, (1, count)),
        "prompt_feat": rng.standard_normal(shape, np.float32),
    }
    used = []
    velocity = flow.velocity

    def watched(mel, rows, moment, memory, **kwargs):
        used.append(memory)
        return velocity(mel, rows, moment, memory, **kwargs)

    monkeypatch.setattr(flow, "velocity", watched)
    for _ in range(3):
        original.begin(case).push(case["token"][0].tolist(), is_last=True)
    assert len({id(memory) for memory in used}) == UPSTREAM_FLOW.steps


@pytest.mark.ci
def test_a_long_sentence_takes_no_more_memory(family, tmp_path):
    most = 100
    directory = find_directory(family)
    flow, _ = open_flow(
        family, directory, tmp_path, WeightFormat.COLUMNS, max_frames=most
    )
    stream = FlowStream(flow, FlowPrompt(), np.ones(192, np.float32), UPSTREAM_FLOW)
    tokens = np.random.default_rng(0).integers(0, 6561, 200).tolist()
    seen = []
    velocity = flow.velocity

    def watched(mel, rows, moment, memory, **kwargs):
        seen.append(max(len(array) for array in memory.kept().values()))
        return velocity(mel, rows, moment, memory, **kwargs)

    flow.velocity = watched
    mel = np.concatenate(
        [*in_whole_chunks(stream, tokens), stream.push(tokens, is_last=True)], axis=1
    )
    assert mel.shape[1] == FRAMES_PER_TOKEN * len(tokens)
    assert np.isfinite(mel).all()
    assert max(seen) == most
