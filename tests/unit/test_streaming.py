"""Tokens in, samples out: how many, and when."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from tests.unit.stand_ins import HOP, EchoVocoder
from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.fade import smooth
from wyoming_cosyvoice.model.flow import Flow, FlowPrompt, FlowState
from wyoming_cosyvoice.model.noise import SeededNoise
from wyoming_cosyvoice.model.speakers import load_speaker
from wyoming_cosyvoice.model.streaming import (
    Sound,
    SoundStream,
    Windows,
    upstream_windows,
)
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import FlowSettings, Precision
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

SPEAKER = np.ones(192, np.float32)
QUICK = FlowSettings(steps=1, guidance=0.0)


@dataclass
class EchoFlow:
    """A flow whose frames hold the number of the token that they come from."""

    token_rate: float = 50.0
    mel_bins: int = 4
    asked: list = field(default_factory=list)

    @property
    def frames_per_token(self):
        return 22050 / 256 / self.token_rate

    def frames(self, tokens):
        return int(tokens / self.token_rate * (22050 / 256))

    def generate(
        self,
        speech_tokens,
        prompt,
        speaker_embedding,
        noise,
        settings,
        *,
        before,
        overlap_frames,
        fade,
        cancel,
    ):
        self.asked.append((list(speech_tokens), before))
        count = self.frames(len(speech_tokens))
        assert noise.shape == (1, count, self.mel_bins)
        places = np.arange(count) * len(speech_tokens) // count
        mel = np.array(speech_tokens, np.float32)[places][None, :, None]
        state = FlowState(noise[:, -overlap_frames:], mel[:, -overlap_frames:])
        return np.repeat(mel, self.mel_bins, axis=2), state


def stream_of(flow, vocoder, *, windows, speed=1.0, settings=QUICK):
    sound = Sound(SPEAKER, FlowPrompt(), settings, speed)
    noise = SeededNoise(np.random.default_rng(0))
    return SoundStream(flow, vocoder, sound, noise, windows=windows)


def speak(stream, tokens):
    """Return the pieces, and after how many tokens each of them came."""
    found = [(stream.push(token), n) for n, token in enumerate(tokens, 1)]
    found = [(piece, n) for piece, n in found if piece is not None]
    return [*found, (stream.finish(), len(tokens))]


def frames_of(flow, count, windows):
    """Return how many frames so many tokens become."""
    if windows is None:
        return flow.frames(count)
    overlap, total = windows.overlap_tokens, 0
    for hop in windows.hops():
        if count < hop + overlap:
            return total + flow.frames(count)
        total += flow.frames(hop + overlap) - flow.frames(overlap)
        count -= hop
    raise AssertionError


SCHEDULES = [
    None,
    Windows(),
    Windows(first_tokens=1, growth=1.5),
    Windows(first_tokens=7, growth=1.3, max_tokens=60, overlap_tokens=3),
    Windows(vocoder_overlap_frames=0),
    upstream_windows(50),
]


@pytest.mark.ci
@pytest.mark.parametrize("windows", SCHEDULES)
@pytest.mark.parametrize("rate", [50.0, 25.0])
def test_any_number_of_tokens_gives_its_frames(windows, rate):
    for count in range(1, 301):
        flow = EchoFlow(rate)
        stream = stream_of(flow, EchoVocoder(), windows=windows)
        pieces = [piece for piece, _ in speak(stream, range(count))]
        samples = np.concatenate(pieces)
        assert len(samples) == frames_of(flow, count, windows) * HOP, count
        # Cutting costs or gives less than a frame per window.
        assert abs(len(samples) / HOP - flow.frames(count)) <= len(flow.asked)
        assert all(piece.size for piece in pieces)


@pytest.mark.parametrize("speed", [0.5, 0.9, 1.1, 2.0])
@pytest.mark.parametrize("windows", SCHEDULES)
def test_speed_changes_the_length_alone(windows, speed):
    for count in (1, 2, 20, 21, 49, 50, 51, 120, 300):
        flow = EchoFlow()
        stream = stream_of(flow, EchoVocoder(), windows=windows, speed=speed)
        samples = np.concatenate([piece for piece, _ in speak(stream, range(count))])
        frames = frames_of(flow, count, windows)
        assert len(samples) == max(1, int(frames / speed)) * HOP


def test_tokens_keep_their_order_and_place():
    """Each sample, away from the seams, comes from the token of its time."""
    flow = EchoFlow()
    found = speak(stream_of(flow, EchoVocoder(), windows=Windows()), range(300))
    samples = np.concatenate([piece for piece, _ in found])
    times = np.arange(len(samples)) / HOP / (22050 / 256) * 50
    assert np.median(np.abs(samples - times)) < 1


def test_windows_grow_and_share_their_overlap():
    flow = EchoFlow()
    windows = Windows(first_tokens=30, growth=2.0, max_tokens=100, overlap_tokens=20)
    found = speak(stream_of(flow, EchoVocoder(), windows=windows), range(400))
    assert [tokens for _, tokens in found] == [50, 110, 210, 310, 400]
    asked = [(tokens[0], tokens[-1] + 1) for tokens, _ in flow.asked]
    assert asked == [(0, 50), (30, 110), (90, 210), (190, 310), (290, 400)]
    # A window continues from the noise and the mean of the one before.
    assert flow.asked[0][1] is None
    assert all(before is not None for _, before in flow.asked[1:])


def test_upstream_waits_for_two_seconds_each_time():
    flow = EchoFlow()
    found = speak(
        stream_of(flow, EchoVocoder(), windows=upstream_windows(50)), [0] * 263
    )
    assert [tokens for _, tokens in found] == [120, 220, 263]
    # As many samples as the original gives in tests/reference.
    assert [len(piece) // HOP for piece, _ in found] == [152, 172, 128]


def test_no_windows_means_one():
    flow = EchoFlow()
    found = speak(stream_of(flow, EchoVocoder(), windows=None), range(2000))
    assert len(found) == len(flow.asked) == 1


def test_no_tokens_give_no_samples():
    assert stream_of(EchoFlow(), EchoVocoder(), windows=Windows()).finish().shape == (
        0,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_tokens": 0},
        {"growth": 0.9},
        {"max_tokens": 0},
        {"overlap_tokens": 0},
        {"vocoder_overlap_frames": -1},
    ],
)
def test_windows_that_cannot_be_are_refused(wrong):
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        Windows(**wrong)


def test_hops_end_growing():
    hops = itertools.islice(Windows(30, 1.5, 100).hops(), 6)
    assert list(hops) == [30, 45, 67, 100, 100, 100]


class TestNetworks:
    """The same with real networks, which have opinions on shapes."""

    @pytest.mark.parametrize("windows", [None, Windows(), upstream_windows(50)])
    @pytest.mark.parametrize("count", [1, 2, 3, 19, 20, 21, 40, 41, 50, 51, 130, 263])
    def test_samples_are_finite_and_complete(self, tiny_model, windows, count):
        flow, vocoder = tiny_model.flow, tiny_model.vocoder
        for speed in (1.0, 2.0):
            stream = stream_of(flow, vocoder, windows=windows, speed=speed)
            samples = np.concatenate([p for p, _ in speak(stream, range(count))])
            frames = max(1, int(frames_of(flow, count, windows) / speed))
            assert len(samples) == frames * vocoder.settings.hop
            assert np.isfinite(samples).all()
            assert samples.any()

    def test_a_prompt_is_conditioned_on_but_not_spoken(self, tiny_model):
        flow, vocoder = tiny_model.flow, tiny_model.vocoder
        mel = np.random.default_rng(0).standard_normal((51, flow.mel_bins))
        prompt = FlowPrompt(tuple(range(30)), mel.astype(np.float32))
        lengths, sounds = [], []
        for received in (FlowPrompt(), prompt):
            sound = Sound(SPEAKER, received, QUICK)
            noise = SeededNoise(np.random.default_rng(0))
            stream = SoundStream(flow, vocoder, sound, noise, windows=Windows())
            samples = np.concatenate([p for p, _ in speak(stream, range(120))])
            lengths.append(len(samples))
            sounds.append(samples)
        assert lengths[0] == lengths[1]
        assert not np.allclose(*sounds, atol=1e-3)

    def test_a_window_repeats_noise_and_mean_of_the_one_before(self, tiny_model):
        flow = tiny_model.flow
        rng = np.random.default_rng(0)
        noise = rng.standard_normal((2, 1, flow.frames(60), flow.mel_bins), np.float32)
        overlap = flow.frames(20)
        first, state = flow.generate(
            range(60), FlowPrompt(), SPEAKER, noise[0], QUICK, overlap_frames=overlap
        )
        assert np.array_equal(state.noise, noise[0][:, -overlap:])
        assert state.mu.shape == (1, overlap, flow.mel_bins)
        joined, _ = flow.generate(
            range(40, 100), FlowPrompt(), SPEAKER, noise[1], QUICK, before=state
        )
        alone, _ = flow.generate(range(40, 100), FlowPrompt(), SPEAKER, noise[1], QUICK)
        seam, rest = first[:, -overlap:], slice(overlap, None)

        def distance(mel):
            return float(np.square(mel[:, :overlap] - seam).mean())

        assert distance(joined) < 0.5 * distance(alone)
        assert joined[:, rest].shape == alone[:, rest].shape

    def test_the_mean_of_the_overlap_becomes_that_of_the_window(self, tiny_model):
        """At first the window before knows better, at last the one that goes on."""
        flow = tiny_model.flow
        noise = np.zeros((1, flow.frames(60), flow.mel_bins), np.float32)
        overlap = flow.frames(20)
        _, before = flow.generate(
            range(60), FlowPrompt(), SPEAKER, noise, QUICK, overlap_frames=overlap
        )
        tokens, prompt = range(40, 60), FlowPrompt()
        own, _ = flow.encode(tokens, prompt, SPEAKER)
        for fade, goal in ((smooth, own), (None, before.mu)):
            _, after = flow.generate(
                tokens, prompt, SPEAKER, noise[:, :overlap], QUICK,
                before=before, overlap_frames=overlap, fade=fade,
            )  # fmt: skip
            assert np.array_equal(after.mu[:, 0], before.mu[:, 0])
            assert np.array_equal(after.mu[:, -1], goal[:, -1])
        assert not np.allclose(own, before.mu, atol=1e-3)

    def test_a_prompt_keeps_its_mean(self, tiny_model):
        flow = tiny_model.flow
        rng = np.random.default_rng(0)
        mel = rng.standard_normal((51, flow.mel_bins)).astype(np.float32)
        prompt = FlowPrompt(tuple(range(30)), mel)
        noise = np.zeros((1, 51 + flow.frames(60), flow.mel_bins), np.float32)
        overlap = flow.frames(20)
        _, before = flow.generate(
            range(60), prompt, SPEAKER, noise, QUICK, overlap_frames=overlap
        )
        _, after = flow.generate(
            range(40, 100), prompt, SPEAKER, noise, QUICK,
            before=before, overlap_frames=overlap, fade=smooth,
        )  # fmt: skip
        assert np.array_equal(after.mu[:, :51], before.mu[:, :51])

    def test_both_token_rates_have_their_frames(self, tiny_packs):
        directory = tiny_packs.pack(Precision.FP32).directory
        for rate, expected in ((50, 34), (25, 68)):
            flow = Flow(directory, threads=1, token_rate=rate, frame_rate=22050 / 256)
            assert flow.frames(20) == expected


@dataclass
class Listener:
    """Stands for a vocoder; keeps the mels, each frame once if none is seen again."""

    settings = EchoVocoder.settings
    mels: list = field(default_factory=list)

    def generate(self, mel, noise, *, known, shaper, first_frame, cancel):
        self.mels.append(mel)
        return EchoVocoder().generate(mel, noise)


# Joins of the starter voice, whose sound means something.
SPOKEN = (
    "The window in the kitchen is open, and it will rain in about ten minutes. "
    "The front door was left open at half past eight, and nobody was at home. "
    "Your timer for the pasta has finished, and the oven is still on."
)
# 43 tokens are 74.08 frames: windows of so many stay in step with the whole.
IN_STEP = Windows(first_tokens=43, growth=1.0, max_tokens=43, vocoder_overlap_frames=0)


@pytest.fixture(scope="module")
def unbroken_and_joined():
    """Speak the same tokens in one window, in ours, and in the original's way.

    Three times: how well a seam goes depends on what is said there.
    """
    synthesizer = PackSynthesizer.open(
        Pack.open(STARTER_DIR), SynthesizerOptions(threads=1)
    )
    model = synthesizer.model
    speaker = load_speaker(model.pack.file(model.manifest.voices[0].file))
    calm = replace(model.manifest.flow, temperature=0.0)
    found = []
    for seed in range(3):
        tokens = tokens_of(synthesizer, SPOKEN, seed)
        assert len(tokens) > 12 * 43
        mels = []
        for windows in (None, IN_STEP, replace(IN_STEP, is_upstream=True)):
            listener = Listener()
            stream = SoundStream(
                model.flow,
                listener,
                Sound(speaker.embedding, FlowPrompt(), calm),
                SeededNoise(np.random.default_rng(0)),
                windows=windows,
            )
            speak(stream, tokens)
            mels.append(np.concatenate(listener.mels, axis=1)[0])
        found.append(mels)
    return found


def tokens_of(synthesizer, text, seed):
    """Return the speech tokens of all sentences of a text."""
    tokens = []

    def keep(said, *_, **__):
        tokens.extend(said)
        return iter([np.zeros(1000, np.float32)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(synthesizer.model, "sound", keep)
        reader = synthesizer.reader(language="en")
        for sentence in [*reader.feed(text), *reader.finish()]:
            list(synthesizer.speak(sentence, seed=seed))
    return tokens


@pytest.mark.ci
def test_a_seam_is_nearer_to_the_unbroken_mel_than_the_originals(unbroken_and_joined):
    """In the original's way the mean of a window's end stays, and shows."""

    def apart(mel, whole):
        """Return how far a mel is from the unbroken one: at the seams, elsewhere."""
        frames = min(len(whole), len(mel))
        is_shared = np.zeros(frames, bool)
        for begin in range(74, frames - 74, 74):
            is_shared[begin : begin + 34] = True
        frame = np.abs(mel[:frames] - whole[:frames]).mean(axis=1)
        return frame[is_shared].mean(), frame[~is_shared].mean()

    ours, original = (
        np.mean([apart(mels[way], mels[0]) for mels in unbroken_and_joined], axis=0)
        for way in (1, 2)
    )
    (seam, rest), (seam_before, rest_before) = ours, original
    assert seam < 2 / 3 * seam_before
    assert rest < 1.1 * rest_before  # what is won there is not lost elsewhere
