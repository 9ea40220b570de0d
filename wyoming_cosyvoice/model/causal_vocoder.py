"""Mel -> samples, piece by piece without seams (the vocoder of CosyVoice3).

Its convolutions are causal and their state is kept, so the samples of a sentence do not
depend on how its mel is split, and nothing is faded or computed twice. The sines of the
source are constant within a frame, and its noise has a positive mean, because the
filter was trained with these (upstream hifigan/generator.py, SineGen2 and
CausalHiFTGenerator).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.prosody import PitchShaper
    from wyoming_cosyvoice.pack.settings import SourceSettings

    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]

_MIN_WINDOW = 1e-11


class SourceNoise(Protocol):
    """Noise generator of a source."""

    def __call__(self, samples: int) -> Floats:
        """Return the next samples (S,): the mixed noise of all harmonics."""


class UniformNoise:
    """Uniform noise between 0 and 1 for each harmonic, mixed; from one generator."""

    def __init__(self, rng: np.random.Generator, settings: SourceSettings) -> None:
        self._rng = rng
        self._weights = np.array(settings.harmonics, np.float32)

    def __call__(self, samples: int) -> Floats:
        """Return the next samples (S,)."""
        uniform = self._rng.random((samples, len(self._weights)), np.float32)
        mixed: Floats = uniform @ self._weights
        return mixed


class CausalVocoder:
    """Pitch predictor, source and filter.

    Samples are clipped at ``limit``. Raises: ModelCorrupt, ModelUnsupported.
    """

    def __init__(
        self,
        pack: Path,
        *,
        threads: int,
        settings: SourceSettings,
        spectrum_hop: int,
        pitch_ahead: int,
        filter_ahead: int,
        limit: float,
    ) -> None:
        self._f0 = Stage(pack / "f0_predictor.onnx", threads=threads)
        self._filter = Stage(pack / "vocoder.onnx", threads=threads)
        self.settings = settings
        self.spectrum_hop = spectrum_hop
        self.window = int(self._filter.shape("windows")[2])
        self.pitch_ahead = pitch_ahead
        self.filter_ahead = filter_ahead
        self.limit = limit

    def begin(
        self, noise: SourceNoise, *, shaper: PitchShaper | None = None
    ) -> CausalVocoderStream:
        """Start a sentence."""
        return CausalVocoderStream(self, noise, shaper)

    def predict_f0(
        self, mel: Floats, memory: Doubles, *, cancel: CancelToken | None = None
    ) -> tuple[Doubles, Doubles]:
        """Return the pitch (1, T) of a mel (1, T + ahead, M), and the next state."""
        outputs = self._f0.run({"mel": mel, "memory": memory}, cancel=cancel)
        return outputs["f0"], outputs["memory_next"]

    def filter(
        self,
        mel: Floats,
        source: Floats,
        memory: Floats,
        *,
        is_first: bool,
        cancel: CancelToken | None = None,
    ) -> tuple[Floats, Floats]:
        """Return windows (1, F, W) of a mel (1, T + ahead, M), and the next state."""
        feeds: dict[str, NDArray[np.generic]] = {
            "mel": mel,
            "source": source,
            "lead": np.array([int(is_first)], np.int64),
            "memory": memory,
        }
        outputs = self._filter.run(feeds, cancel=cancel)
        return outputs["windows"], outputs["memory_next"]

    def empty_memories(self) -> tuple[Doubles, Floats]:
        """Return the initial states of the pitch predictor and the filter."""
        pitch = np.zeros((1, int(self._f0.shape("memory")[1])))
        return pitch, np.zeros((1, int(self._filter.shape("memory")[1])), np.float32)


class CausalVocoderStream:
    """The stream of one sentence: mel frames -> samples."""

    def __init__(
        self, vocoder: CausalVocoder, noise: SourceNoise, shaper: PitchShaper | None
    ) -> None:
        self._vocoder = vocoder
        self._noise = noise
        self._shaper = shaper
        self._pitch_memory, self._filter_memory = vocoder.empty_memories()
        self._mel: Floats | None = None  # all frames that are not filtered yet
        self._source = np.zeros((1, 0), np.float32)  # from half a window before them
        self._f0 = np.zeros((1, 0))
        self._cycles = np.zeros(len(vocoder.settings.harmonics))
        self._filtered = 0
        self._overlap = _Overlap(vocoder.window, vocoder.spectrum_hop)

    @property
    def f0(self) -> Doubles:
        """The pitch so far, (1, T) in Hz."""
        return self._f0

    def push(
        self, mel: Floats, *, is_last: bool, cancel: CancelToken | None = None
    ) -> Floats:
        """Take frames (1, T, M) and return the samples (1, S) that are final.

        Raises: SynthesisCancelled, SynthesisError.
        """
        vocoder = self._vocoder
        mel = mel if self._mel is None else np.concatenate([self._mel, mel], axis=1)
        self._mel = mel
        if is_last:
            # The look-ahead beyond the end is silence.
            ahead = max(vocoder.pitch_ahead, vocoder.filter_ahead)
            mel = np.pad(mel, ((0, 0), (0, ahead), (0, 0)))
        known = self._filtered + self._mel.shape[1]
        self._extend_source(
            mel, known if is_last else known - vocoder.pitch_ahead, cancel
        )
        ready = known
        if not is_last:
            # The last steps of a frame also depend on the source of the following
            # frames.
            ready -= vocoder.pitch_ahead + vocoder.filter_ahead
        frames = ready - self._filtered
        if frames <= 0:
            return np.zeros((1, 0), np.float32)
        windows, self._filter_memory = vocoder.filter(
            mel[:, : frames + vocoder.filter_ahead],
            self._take_source(frames, is_last=is_last),
            self._filter_memory,
            is_first=self._filtered == 0,
            cancel=cancel,
        )
        self._mel = self._mel[:, frames:]
        self._filtered = ready
        samples = self._overlap.add(windows[0], is_last=is_last)
        return np.clip(samples, -vocoder.limit, vocoder.limit)[None]

    def _extend_source(self, mel: Floats, end: int, cancel: CancelToken | None) -> None:
        """Predict the pitch of all frames before ``end``, and compute their source."""
        vocoder = self._vocoder
        done = self._f0.shape[1]
        if end <= done:
            return
        first = done - self._filtered
        piece = mel[:, first : end - self._filtered + vocoder.pitch_ahead]
        f0, self._pitch_memory = vocoder.predict_f0(
            piece, self._pitch_memory, cancel=cancel
        )
        self._f0 = np.concatenate([self._f0, f0], axis=1)
        if self._shaper is not None:
            f0 = self._shaper.shape(f0.astype(np.float32)).astype(np.float64)
        source = self.make_source(f0)
        self._source = np.concatenate([self._source, source], axis=1)

    def make_source(self, f0: Doubles) -> Floats:
        """Turn the pitch (1, T) of the next frames into their source (1, hop T).

        Rounded where the original rounds: a phase of many cycles keeps few digits, and
        the audible steps depend on them.
        """
        settings = self._vocoder.settings
        weights = np.array(settings.harmonics, np.float32)
        orders = np.arange(1, len(weights) + 1, dtype=np.float32)
        steps = np.outer(f0[0].astype(np.float32), orders)  # (T, H) in Hz
        steps = (steps / np.float32(settings.sample_rate)) % np.float32(1)
        cycles = self._cycles + np.cumsum(steps, axis=0, dtype=np.float64)
        self._cycles = cycles[-1]
        turns = cycles.astype(np.float32) * np.float32(2 * np.pi)
        sines = np.sin(turns * np.float32(settings.hop)) @ weights  # (T,) held
        voiced = f0[0] > settings.voiced_above_hz
        held = np.where(voiced, settings.amplitude * sines, 0) + settings.offset
        level = np.where(voiced, settings.noise, settings.amplitude / 3)
        noise = self._noise(len(held) * settings.hop).reshape(len(held), -1)
        waves = held[:, None] + level[:, None] * noise
        return np.tanh(waves).astype(np.float32).reshape(1, -1)

    def _take_source(self, frames: int, *, is_last: bool) -> Floats:
        """Return the source for the spectrum of the next frames.

        Each step covers half a window on both sides; the ends of a sentence are
        mirrored.
        """
        vocoder = self._vocoder
        half, hop = vocoder.window // 2, vocoder.settings.hop
        if self._filtered == 0:
            mirrored = self._source[:, half:0:-1]
            self._source = np.concatenate([mirrored, self._source], axis=1)
        if is_last:
            mirrored = self._source[:, -2 : -2 - half : -1]
            self._source = np.concatenate([self._source, mirrored], axis=1)
        lead = self._filtered == 0
        # The first piece also has the step at its very beginning.
        start = 0 if lead else vocoder.spectrum_hop
        end = frames * hop + 2 * half
        taken = self._source[:, start:end]
        self._source = self._source[:, frames * hop :]
        return taken


class _Overlap:
    """Overlap-add, normalised by the sum of the windows."""

    def __init__(self, window: int, hop: int) -> None:
        self._hop = hop
        self._parts = window // hop
        self._shape = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)) ** 2
        # The last steps of the previous piece; a sentence starts in the middle of one.
        self._windows = np.zeros((0, window), np.float32)
        self._skipped = window // 2
        self._dropped = window // 2

    def add(self, windows: Floats, *, is_last: bool) -> Floats:
        """Take windows (F, W) and return the samples (S,) that are final."""
        hop, parts = self._hop, self._parts
        windows = np.concatenate([self._windows, windows])
        count, size = windows.shape
        total = np.zeros((count + parts - 1, hop), np.float64)
        weight = np.zeros_like(total)
        for part in range(parts):
            place = slice(part * hop, (part + 1) * hop)
            total[part : part + count] += windows[:, place]
            weight[part : part + count] += self._shape[place]
        known = len(self._windows)  # their first samples were returned before
        begin = known * hop
        end = count * hop + (size - hop - self._dropped if is_last else 0)
        # Windows before the kept ones do not reach into the new samples.
        samples = (total / np.maximum(weight, _MIN_WINDOW)).reshape(-1)[begin:end]
        self._windows = windows[-(parts - 1) :]
        skipped = min(self._skipped, len(samples))
        self._skipped -= skipped
        return samples[skipped:].astype(np.float32)
