"""Prompts of voices that are solved once, with networks in floats and in integers."""

from __future__ import annotations

import weakref

import numpy as np
import pytest

from tests.reference.directories import find_directory
from tests.reference.flows import FAMILIES, UPSTREAM_FLOW, open_flow
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.flow_encoders import FRAMES_PER_TOKEN
from wyoming_cosyvoice.model.flow_stream import FlowStream
from wyoming_cosyvoice.model.solved_prompts import SolvedPrompts

pytestmark = pytest.mark.ci


@pytest.fixture(scope="module", params=FAMILIES)
def family(request):
    return request.param


def two_voices(flow, seed, monkeypatch, tokens=60):
    """Return what speaks with one of two voices: its mel and the frames solved."""
    rng = np.random.default_rng(seed)
    frames = FRAMES_PER_TOKEN * tokens
    voices = [
        FlowPrompt(
            tuple(rng.integers(0, 6561, tokens).tolist()),
            rng.standard_normal((frames, flow.mel_bins), np.float32),
        )
        for _ in range(2)
    ]
    said = rng.integers(0, 6561, 70).tolist()
    solved = []
    velocity = flow.velocity

    def counted(mel, *args, **kwargs):
        solved.append(mel.shape[1])
        return velocity(mel, *args, **kwargs)

    monkeypatch.setattr(flow, "velocity", counted)

    def speak(voice):
        solved.clear()
        stream = FlowStream(
            flow, voices[voice], np.ones(192, np.float32), UPSTREAM_FLOW
        )
        return stream.push(said, is_last=True), sum(solved)

    return speak


def test_two_voices_that_alternate_are_solved_once_each(family, tmp_path, monkeypatch):
    flow, _ = open_flow(family, find_directory(family), tmp_path, WeightFormat.COLUMNS)
    speak = two_voices(flow, 4, monkeypatch)
    first, other = speak(0), speak(1)
    prompt = FRAMES_PER_TOKEN * 2 * flow.chunk_tokens
    for expected, voice in ((first, 0), (other, 1), (first, 0), (other, 1)):
        mel, work = speak(voice)
        assert np.array_equal(mel, expected[0])
        assert work == expected[1] - UPSTREAM_FLOW.steps * prompt


def test_the_voice_silent_for_longest_is_solved_again_where_memory_is_short(
    family, tmp_path, monkeypatch
):
    flow, _ = open_flow(family, find_directory(family), tmp_path, WeightFormat.COLUMNS)
    flow.prompts = SolvedPrompts(max_bytes=0)
    speak = two_voices(flow, 5, monkeypatch)
    first, other = speak(0), speak(1)
    assert speak(1)[1] < other[1]
    again, work = speak(0)
    assert np.array_equal(again, first[0])
    assert work == first[1]


def test_only_the_prompt_of_a_voice_that_is_silent_stays(family, tmp_path, monkeypatch):
    flow, _ = open_flow(family, find_directory(family), tmp_path, WeightFormat.COLUMNS)
    seen = []
    begin = flow.empty_memory

    def watched(*args):
        memory = begin(*args)
        seen.append(weakref.ref(memory))
        return memory

    monkeypatch.setattr(flow, "empty_memory", watched)
    speak = two_voices(flow, 6, monkeypatch)
    speak(0)
    of_first = list(seen)
    assert all(memory() is not None for memory in of_first)
    speak(1)
    # What the first sentence wrote after its prompt is gone with its memory.
    assert not any(memory() is not None for memory in of_first)


def test_a_prompt_longer_than_what_is_pinned_is_the_same_again(family, tmp_path):
    directory = find_directory(family)
    flow, _ = open_flow(
        family, directory, tmp_path, WeightFormat.COLUMNS, max_frames=150
    )
    rng = np.random.default_rng(2)
    prompt = FlowPrompt(
        tuple(rng.integers(0, 6561, 60).tolist()),
        rng.standard_normal((120, flow.mel_bins), np.float32),
    )
    tokens = rng.integers(0, 6561, 70).tolist()

    def speak():
        stream = FlowStream(flow, prompt, np.ones(192, np.float32), UPSTREAM_FLOW)
        return stream.push(tokens, is_last=True)

    first = speak()
    assert np.array_equal(speak(), first)


def test_with_integers_too_a_prompt_is_solved_once(family, tmp_path):
    """Integers of a call share a scale, so other tokens change those of the prompt."""
    directory = find_directory(family)
    flow, _ = open_flow(family, directory, tmp_path, WeightFormat.COLUMNS)
    rng = np.random.default_rng(3)
    prompt = FlowPrompt(
        tuple(rng.integers(0, 6561, 60).tolist()),
        rng.standard_normal((120, flow.mel_bins), np.float32),
    )
    solved = []
    velocity = flow.velocity

    def counted(mel, *args, **kwargs):
        solved.append(mel.shape[1])
        return velocity(mel, *args, **kwargs)

    flow.velocity = counted
    for size in (20, 45):
        solved.clear()
        stream = FlowStream(flow, prompt, np.ones(192, np.float32), UPSTREAM_FLOW)
        stream.push(rng.integers(0, 6561, size).tolist(), is_last=True)
    frames = FRAMES_PER_TOKEN * (60 + 45 - 2 * flow.chunk_tokens)
    assert sum(solved) == UPSTREAM_FLOW.steps * frames
