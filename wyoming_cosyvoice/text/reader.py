"""Turn text that arrives in pieces into sentences that can be spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.text import budget, cleanup, language, punctuation
from wyoming_cosyvoice.text.normalize import normalize
from wyoming_cosyvoice.text.sentence import Sentence
from wyoming_cosyvoice.text.splitter import Segment, Splitter

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.text.lexicon import Lexicon

_PARAGRAPH_PAUSE_S = 0.3


class SentenceReader:
    """Read text in pieces, give sentences as early as is safe.

    The same text gives the same sentences however it is cut. One reader serves one
    thread; after ``finish`` it is ready for another text.
    """

    def __init__(
        self,
        *,
        count_tokens: Callable[[str], int],
        text_format: str = "text",
        voice_language: str | None = None,
        request_language: str | None = None,
        lexicon: Lexicon | None = None,
        max_tokens: int = 80,
    ) -> None:
        self._count_tokens = count_tokens
        self._text_format = text_format
        self._priors = (voice_language, request_language)
        self._lexicon = lexicon
        self._max_tokens = max_tokens
        self._repair = cleanup.CharacterRepair()
        self._splitter = Splitter()
        self._running = ""

    def feed(self, text: str) -> list[Sentence]:
        """Take more text; return the sentences that are finished."""
        segments = self._splitter.feed(self._repair.feed(text))
        return [sentence for segment in segments for sentence in self._read(segment)]

    def finish(self) -> list[Sentence]:
        """Return the sentences that are left."""
        segments = self._splitter.feed(self._repair.finish())
        segments += self._splitter.finish()
        return [sentence for segment in segments for sentence in self._read(segment)]

    def _read(self, segment: Segment) -> list[Sentence]:
        text = cleanup.clean(segment.text)
        name = language.detect(text, self._priors, self._running)
        if not any(char.isalnum() for char in text):
            return []
        self._running = name
        said, _ = normalize(text, name)
        spoken = punctuation.complete(said, name, is_clause=segment.is_clause)
        shortest, longest = budget.speech_limits(spoken, name)
        pause = _PARAGRAPH_PAUSE_S if segment.ends_paragraph else 0.0
        source = segment.text.strip()
        return [Sentence(source, spoken, name, shortest, longest, pause)]
