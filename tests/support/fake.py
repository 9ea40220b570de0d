"""A stand-in for the model: tones instead of speech, at a pace that the test sets.

The sound is a function of sentence, voice, speed and seed, so that a test can say what
it expects to the last bit. A sentence that begins with "unreadable" is skipped. Some
sentences are orders; the number is the piece at which they are carried out:

    boom 1    raises an error that is not ours
    refuse 1  raises an error of ours
    exit 1    raises SystemExit
    foreign 1 raises that it cannot be read
    nan 1     makes samples that are not finite
    mute 1    makes no samples
    deaf      does not look at the cancel token
"""

from __future__ import annotations

import asyncio
import re
import threading
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import (
    BadParameter,
    LanguageNotSpoken,
    ModelUnsupported,
    SynthesisCancelled,
)
from wyoming_cosyvoice.synth.interface import CANNOT_CLONE, CLONING_REMEDY, Skipped
from wyoming_cosyvoice.voices import Voice, choose_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.features.recording import Recording
    from wyoming_cosyvoice.features.source import SourcePiece
    from wyoming_cosyvoice.model.cloning import PromptFeatures

DEADLINE_S = 10.0
"""Of every wait in the tests: long for a busy machine, short for a hanging test."""

PIECE_S = 0.1

VOICES = (
    Voice("zh-female", "中文女", "Chinese woman", "Chinese, woman", ("zh", "zh-CN")),
    Voice("en-male", "英文男", "English man", "English, man", ("en", "en-US")),
    Voice(
        "yue-female", "粤语女", "Cantonese woman", "Cantonese, woman", ("yue", "zh-HK")
    ),
)


@dataclass(frozen=True, slots=True)
class FakeSentence:
    spoken: str
    language: str
    max_speech_s: float = 1.0


class FakeReader:
    """Split after sentence enders; join halves of characters that came apart."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._text = ""
        self.skipped: list[Skipped] = []

    @property
    def held_chars(self) -> int:
        return len(self._text)

    def feed(self, text: str) -> list[FakeSentence]:
        self._log.add(f"read {len(text)}")
        self._text += text
        *done, self._text = re.split(r"(?<=[.!?。！？\n])", self._text)
        return self._read(done)

    def ahead(self, *, may_begin: bool) -> list[FakeSentence]:
        return []

    def pause(self) -> list[FakeSentence]:
        self._log.add("pause")
        return []

    def finish(self) -> list[FakeSentence]:
        last, self._text = self._text, ""
        return self._read([last])

    def _read(self, texts: list[str]) -> list[FakeSentence]:
        sentences = list(filter(None, map(_sentence, texts)))
        self.skipped += [
            Skipped(each.spoken, "Japanese")
            for each in sentences
            if each.spoken.startswith("unreadable")
        ]
        return [s for s in sentences if not s.spoken.startswith("unreadable")]


def _sentence(text: str) -> FakeSentence | None:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    spoken = re.sub(r"[^\w 😀]", "", whole).strip()
    language = "zh" if re.search(r"[一-鿿]", spoken) else "en"
    return FakeSentence(spoken, language) if spoken else None


class Log:
    """What the model did, in order; written by its thread, awaited by the test."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self._changed = threading.Condition()

    def add(self, entry: str) -> None:
        with self._changed:
            self.entries.append(entry)
            self._changed.notify_all()

    async def wait_for(self, entry: str, times: int = 1) -> None:
        """Wait until ``entry`` was made."""
        await self.wait_until(lambda: self.entries.count(entry) >= times, entry)

    async def wait_until(self, condition: Callable[[], bool], name: str) -> None:
        def wait() -> bool:
            with self._changed:
                return self._changed.wait_for(condition, DEADLINE_S)

        if not await asyncio.to_thread(wait):
            raise AssertionError(f"No {name!r} in {self.entries[-20:]}")


class Pace:
    """How many pieces the model may make; as many as it likes until ``hold``."""

    def __init__(self) -> None:
        self._permits: int | None = None
        self._changed = threading.Condition()

    def hold(self) -> None:
        self._set(0)

    def release(self) -> None:
        self._set(None)

    def allow(self, pieces: int) -> None:
        with self._changed:
            self._permits = (self._permits or 0) + pieces
            self._changed.notify_all()

    def take(self, cancel: CancelToken | None) -> None:
        """Wait for a permit. Raises: SynthesisCancelled."""
        if cancel is not None:
            cancel.on_cancel(self._notify)
        with self._changed:
            ready = self._changed.wait_for(
                lambda: self._permits != 0 or (cancel and cancel.is_cancelled),
                DEADLINE_S,
            )
            if cancel is not None and cancel.is_cancelled:
                raise SynthesisCancelled
            if not ready:
                raise TimeoutError("The test left the model waiting.")
            if self._permits:
                self._permits -= 1

    def _set(self, permits: int | None) -> None:
        with self._changed:
            self._permits = permits
            self._changed.notify_all()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()


class FakeSynthesizer:
    """See the module."""

    def __init__(self, sample_rate: int = 22_050) -> None:
        self.sample_rate = sample_rate
        self.voices: tuple[Voice, ...] = VOICES
        self.pieces = 3
        self.max_batch = 1
        self.pace = Pace()
        self.log = Log()

    def reader(
        self, *, text_format: str, voice: Voice | None, language: str | None
    ) -> FakeReader:
        self.log.add(f"reader {text_format} {voice and voice.id} {language}")
        return FakeReader(self.log)

    def speak(
        self,
        sentence: FakeSentence,
        *,
        voice: Voice | None,
        speed: float,
        seed: int | None,
        cancel: CancelToken,
        preferred: Voice | None = None,
        emotion: str | None = None,
        instruction: str | None = None,
    ) -> Iterator[NDArray[np.float32]]:
        by_language, _ = choose_voice(self.voices, sentence.language, preferred)
        chosen = voice or by_language
        spoken = sentence.spoken
        self.log.add(f"begin {spoken}")
        for manner in filter(None, (emotion, instruction)):
            self.log.add(f"{manner} {spoken}")
        try:
            for piece in range(self.pieces):
                self.pace.take(None if spoken == "deaf" else cancel)
                order, _, place = spoken.partition(" ")
                samples = self._tone(f"{spoken} {chosen.id} {seed} {piece}", speed)
                yield _obey(order, samples) if place == str(piece) else samples
            self.log.add(f"end {spoken}")
        except SynthesisCancelled:
            self.log.add(f"cancelled {spoken}")
            raise
        finally:
            self.log.add(f"closed {spoken}")

    # Like any model that cannot clone.

    cloning_key: str | None = None
    abilities: tuple[str, ...] = ()

    def source_reader(self, content: bytes) -> FakeReader:
        raise ModelUnsupported(CANNOT_CLONE, remedy=CLONING_REMEDY)

    def convert(
        self,
        piece: SourcePiece,
        *,
        voice: Voice | None,
        seed: int | None,
        cancel: CancelToken,
    ) -> Iterator[NDArray[np.float32]]:
        raise NotImplementedError

    def listen(self, recording: Recording, transcript: str) -> PromptFeatures:
        raise ModelUnsupported(CANNOT_CLONE, remedy=CLONING_REMEDY)

    def add_voice(
        self,
        voice: Voice,
        features: Mapping[str, PromptFeatures],
        *,
        language: str | None,
        is_listed: bool,
    ) -> None:
        raise NotImplementedError

    def remove_voice(self, voice_id: str) -> None:
        """There is none."""

    def emotion_by(self, voice_id: str) -> str:
        return "prosody"

    def _tone(self, key: str, speed: float) -> NDArray[np.float32]:
        count = round(PIECE_S * self.sample_rate / speed)
        hertz = 100 + zlib.crc32(key.encode()) % 1000
        phase = np.arange(count, dtype=np.float32) * (2 * np.pi * hertz)
        return (0.3 * np.sin(phase / self.sample_rate)).astype(np.float32)


def _obey(order: str, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    match order:
        case "boom":
            raise ZeroDivisionError(order)
        case "refuse":
            raise BadParameter("The sentence cannot be spoken.", field="text")
        case "foreign":
            raise LanguageNotSpoken(["Japanese"], ["English"])
        case "exit":
            raise SystemExit(order)
        case "nan":
            return np.full_like(samples, np.nan)
        case "mute":
            return samples[:0]
    return samples
