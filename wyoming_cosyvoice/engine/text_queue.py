"""The text of one speech: received text -> sentences to speak.

Text is read in portions until a few sentences are queued, so that the first audio of a
long text comes as early as that of a short one. A reader holds a sentence until the
next one starts. When no text arrives for a while, complete sentences are taken from it:
a language model may be calling a tool. The limit applies to the characters that are
waiting to be spoken.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from wyoming_cosyvoice.engine.sentences import SentenceQueue

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from typing import Protocol

    from wyoming_cosyvoice.engine.speech import Speech
    from wyoming_cosyvoice.synth.interface import Sentence, SentenceReader

    Result = TypeVar("Result")

    class Call(Protocol):
        """Runs a call in the worker."""

        def __call__(self, call: Callable[[], Result]) -> Awaitable[Result]:
            """Return the result of ``call``."""


_LOGGER = logging.getLogger(__name__)

_PORTION_CHARS = 300
_ENOUGH_SENTENCES = 2
"""One to speak, and one more to know that it is not the last."""


class TextQueue:
    """Reads the text of one speech; lives in the event loop."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self.sentences = SentenceQueue()
        self._shares: deque[int] = deque()
        """Characters that were read for each of the sentences."""
        self._held_chars = 0
        self._timer: asyncio.TimerHandle | None = None
        self._has_paused = False
        self._enough = _ENOUGH_SENTENCES
        self.is_read = False
        """Whether all text has been read."""

    @property
    def has_to_read(self) -> bool:
        """Whether ``read`` has work to do."""
        if self._speech.has_text:
            return len(self.sentences) < self._enough
        return self._has_paused or (self._speech.is_finished and not self.is_read)

    async def read(
        self,
        reader: SentenceReader,
        call: Call,
        *,
        sentences: int = 0,
        is_speaking: bool = False,
    ) -> None:
        """Read new text in the worker until at least ``sentences`` are queued.

        With nothing else to speak (``is_speaking``), a sentence may begin before it is
        complete. Raises: LanguageNotSpoken if no part of the text can be read.
        """
        speech = self._speech
        self._enough = max(sentences, _ENOUGH_SENTENCES)
        while speech.has_text and len(self.sentences) < self._enough:
            text = speech.take_text(_PORTION_CHARS)
            self._has_paused = False
            feed = partial(reader.feed, text)
            if not (speech.has_text or speech.is_finished):
                may_begin = not (is_speaking or len(self.sentences))
                feed = partial(_feed_ahead, reader, text, may_begin=may_begin)
            self._add(await call(feed), reader, len(text))
            self._await_text()
        if speech.has_text:
            return
        if speech.is_finished and not self.is_read:
            self.is_read = True
            try:
                self._add(await call(reader.finish), reader)
            finally:
                self._log_skipped()
        elif self._has_paused:
            self._add(await call(reader.pause), reader)
        self._has_paused = False

    def note_taken(self) -> None:
        """Record that a sentence was taken."""
        if self._shares:
            self._shares.popleft()
        self._note()

    def close(self) -> None:
        """Stop waiting for text."""
        if self._timer is not None:
            self._timer.cancel()

    def _add(
        self, sentences: Sequence[Sentence], reader: SentenceReader, read_chars: int = 0
    ) -> None:
        self._speech.skipped = reader.skipped
        used_chars = max(0, self._held_chars + read_chars - reader.held_chars)
        self._held_chars = reader.held_chars
        self.sentences.add(sentences)
        for count in range(len(sentences), 0, -1):
            # The characters of each sentence are unknown: assume equal shares.
            self._shares.append(used_chars // count)
            used_chars -= used_chars // count
        self._note(read_chars)

    def _note(self, read_chars: int = 0) -> None:
        self._speech.note_waiting(
            read_chars=read_chars,
            held_chars=self._held_chars,
            queued_chars=sum(self._shares),
        )

    def _await_text(self) -> None:
        """Start the timeout for more text, from the last arrival."""
        if self._timer is not None:
            self._timer.cancel()
        if not (self._speech.is_finished or self._speech.has_text):
            due = self._speech.fed_at + self._speech.limits.text_pause_s
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(due, self._note_pause)

    def _note_pause(self) -> None:
        self._has_paused = not self.is_read
        self._speech.on_input(self._speech)

    def _log_skipped(self) -> None:
        """Warn once about skipped text, without its content, which is private."""
        skipped = self._speech.skipped
        if skipped:
            _LOGGER.warning(
                "Request %d: the model cannot read %s; %d characters were skipped",
                self._speech.id,
                ", ".join(dict.fromkeys(part.language for part in skipped)),
                sum(len(part.text) for part in skipped),
            )


def _feed_ahead(
    reader: SentenceReader, text: str, *, may_begin: bool
) -> list[Sentence]:
    """Return the sentences that ``text`` completes, or the one that it begins."""
    sentences = [*reader.feed(text)]
    return [*sentences, *reader.ahead(may_begin=may_begin and not sentences)]
