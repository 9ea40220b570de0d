"""One speech request, shared by its client and the engine.

The client side feeds text and iterates over audio; the engine takes the text and
delivers the audio. Both run in the event loop, so no locks are needed. A speech ends
exactly once, by completion, failure or cancellation, whichever comes first.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.errors import CosyVoiceError, SynthesisCancelled, TextTooLong

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.audio import TimedWord
    from wyoming_cosyvoice.config import Limits
    from wyoming_cosyvoice.synth.interface import Skipped
    from wyoming_cosyvoice.voices import Voice

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """Settings of a speech; None for the configured default."""

    voice: Voice | None = None
    """None: chosen by the language of the text."""

    language: str | None = None
    """Requested language tag; only a hint for reading."""

    client: str | None = None
    """Address of the client: its last language helps to read a text without letters."""

    text_format: str = "text"
    """``text`` or ``ssml``; anything else is read as text."""

    speed: float | None = None
    """0.5 to 2.0."""

    seed: int | None = None
    """Random seed."""

    emotion: str | None = None
    """One of ``voices.EMOTIONS``; None is ``neutral``."""

    instruction: str | None = None
    """Speaking instruction in English, for models that follow instructions."""

    source: bytes | None = None
    """An audio file to convert to the voice, instead of a text."""


@dataclass(slots=True)
class SpeechStats:
    """Statistics of a speech; times in seconds since it was opened."""

    chars: int = 0
    sentences: int = 0
    audio_s: float = 0.0
    computing_s: float = 0.0
    first_audio_s: float | None = None


_IDS = itertools.count(1)


@dataclass(eq=False, slots=True)
class Speech:
    """One request: text goes in piece by piece, samples come out of ``async for``.

    Each piece has the shape (S,), in [-1, 1]. The iteration raises the error that ended
    the speech: a CosyVoiceError, or SynthesisCancelled after ``cancel``.
    """

    request: SpeechRequest
    limits: Limits
    on_input: Callable[[Speech], None]
    """Called when the engine may have work for this speech."""

    id: int = field(default_factory=lambda: next(_IDS))
    rate_hz: int | None = None
    """Samples per second of every piece; None until the model is loaded."""

    words: list[TimedWord] = field(default_factory=list)
    """The words of the delivered audio, with their times."""

    skipped: Sequence[Skipped] = ()
    """Parts of the text so far that the model cannot read."""

    stats: SpeechStats = field(default_factory=SpeechStats)
    token: CancelToken = field(default_factory=CancelToken)
    is_finished: bool = False
    """Whether the text is complete."""

    is_ended: bool = False
    """Whether the speech has ended."""

    fed_at: float = 0.0
    """When text last arrived, by the loop's clock."""

    audio_until: float | None = None
    """When all audio so far will have been played, by the loop's clock; None before the
    first audio."""

    _error: BaseException | None = None
    _texts: list[str] = field(default_factory=list)
    _unread_chars: int = 0
    _held_chars: int = 0
    _queued_chars: int = 0
    _has_room: asyncio.Event = field(default_factory=asyncio.Event)
    _pieces: deque[Floats] = field(default_factory=deque)
    _buffered_samples: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _opened_at: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def feed(self, text: str) -> None:
        """Add text. Never blocks; text after the end is ignored.

        Raises: TextTooLong if more text than the limit would be queued.
        """
        if self.is_ended or self.is_finished or not text:
            return
        if self._waiting_chars + len(text) > self.limits.text_chars:
            raise TextTooLong(
                f"More than {self.limits.text_chars} characters wait to be spoken.",
                remedy="Send the text in several requests.",
            )
        self.stats.chars += len(text)
        self._unread_chars += len(text)
        self._texts.append(text)
        self.fed_at = asyncio.get_running_loop().time()
        # Spaces do not complete a sentence: they are read with the next text.
        if text.strip(" "):
            self.on_input(self)

    async def wait_room(self, chars: int) -> None:
        """Wait until ``chars`` more characters may be fed.

        Also returns if waiting cannot help.
        """
        while (
            not self.is_ended
            and self._unread_chars + self._queued_chars
            and self._waiting_chars + chars > self.limits.text_chars >= chars
        ):
            self._has_room.clear()
            await self._has_room.wait()

    def finish(self) -> None:
        """Mark the text as complete; the rest of it is spoken."""
        if not self.is_finished:
            self.is_finished = True
            self.on_input(self)

    def cancel(self) -> None:
        """Cancel the synthesis and drop buffered audio; harmless after the end."""
        self._pieces.clear()
        self._buffered_samples = 0
        self.end(SynthesisCancelled())

    def __aiter__(self) -> Speech:
        return self

    async def __anext__(self) -> Floats:
        while not self._pieces:
            if self._error is not None:
                raise self._error
            if self.is_ended:
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        piece = self._pieces.popleft()
        self._buffered_samples -= len(piece)
        self.on_input(self)
        return piece

    # The engine's side

    @property
    def has_text(self) -> bool:
        """Whether there is unread text."""
        return bool(self._texts)

    @property
    def is_full(self) -> bool:
        """Whether enough audio is buffered for the client."""
        return self._seconds(self._buffered_samples) >= self.limits.buffered_s

    def take_text(self, most_chars: int) -> str:
        """Return the first unread characters, at most ``most_chars``."""
        text = "".join(self._texts)
        self._texts[:] = filter(None, [text[most_chars:]])
        return text[:most_chars]

    def note_waiting(
        self, *, read_chars: int, held_chars: int, queued_chars: int
    ) -> None:
        """Record that text was read, and how much of it is not spoken yet.

        ``held_chars`` are waiting for more text, ``queued_chars`` for their turn.
        """
        self._unread_chars -= read_chars
        self._held_chars = held_chars
        self._queued_chars = queued_chars
        self._has_room.set()

    def deliver(self, samples: Floats) -> None:
        """Add audio (S,); it is dropped after the end."""
        if self.is_ended or not samples.size:
            return
        if self.stats.first_audio_s is None:
            self.stats.first_audio_s = self.age_s
        seconds = self._seconds(len(samples))
        now = asyncio.get_running_loop().time()
        self.audio_until = max(now, self.audio_until or now) + seconds
        self.stats.audio_s += seconds
        self._buffered_samples += len(samples)
        self._pieces.append(samples)
        self._changed.set()

    def end(self, error: BaseException | None = None) -> None:
        """End the speech; only the first call counts. Any work on it is cancelled."""
        if self.is_ended:
            return
        self.is_ended = True
        self._error = error
        self._texts.clear()
        self._changed.set()
        self._has_room.set()
        if error is not None:
            self.token.cancel()
        self.on_input(self)

    @property
    def _waiting_chars(self) -> int:
        return self._unread_chars + self._held_chars + self._queued_chars

    @property
    def outcome(self) -> str:
        """The outcome for statistics: ``done``, ``cancelled`` or an error code."""
        if isinstance(self._error, CosyVoiceError):
            return self._error.code
        return "done" if self._error is None else "cancelled"

    @property
    def age_s(self) -> float:
        """Seconds since the request was opened."""
        return asyncio.get_running_loop().time() - self._opened_at

    def _seconds(self, samples: int) -> float:
        return 0.0 if self.rate_hz is None else samples / self.rate_hz
