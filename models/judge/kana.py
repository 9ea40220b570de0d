"""Japanese as it is pronounced, so that it is the same in kanji, in kana and in digits.

Both texts are read by the product, so its misreadings count as errors only where they
change what is recognized.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.text import SentenceReader
from wyoming_cosyvoice.tokenizer.japanese import katakana

if TYPE_CHECKING:
    from models.judge.error_rates import Numbers


def kana(text: str, numbers: Numbers = "whole") -> list[str]:
    """Return the katakana of a text, and what is in other letters one by one."""
    del numbers  # the reader reads digits as they are written
    reader = SentenceReader(count_tokens=len, request_language="ja", max_tokens=1000)
    spoken = [s.spoken for s in [*reader.feed(text), *reader.finish()]]
    said = katakana("".join(spoken)).lower()
    return [letter for letter in said if letter.isalnum() or letter == "ー"]
