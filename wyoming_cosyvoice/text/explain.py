"""Show what each step of the front end made of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text.reader import SentenceReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.text.lexicon import Lexicon
    from wyoming_cosyvoice.text.reading import Reading
    from wyoming_cosyvoice.text.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text is read as it is."""

    readings: tuple[Reading, ...]
    """Per written sentence: clean text, respelling, language, changes, spoken form."""
    sentences: tuple[Sentence, ...]
    """What is spoken: readings cut at the token limit, tiny ones joined."""
    text_tokens: tuple[int, ...]
    """How many text tokens each sentence has."""


def explain(
    text: str,
    *,
    count_tokens: Callable[[str], int],
    text_format: str = "text",
    voice_language: str | None = None,
    request_language: str | None = None,
    lexicon: Lexicon | None = None,
    max_tokens: int = 80,
) -> Explanation:
    """Read ``text`` as a ``SentenceReader`` does and keep what each step made of it."""
    readings: list[Reading] = []
    reader = SentenceReader(
        count_tokens=count_tokens,
        text_format=text_format,
        voice_language=voice_language,
        request_language=request_language,
        lexicon=lexicon,
        max_tokens=max_tokens,
        on_reading=readings.append,
    )
    sentences = (*reader.feed(text), *reader.finish())
    tokens = tuple(count_tokens(sentence.spoken) for sentence in sentences)
    return Explanation(tuple(readings), sentences, tokens)
