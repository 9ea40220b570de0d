"""The tokenizer of small packs: phoneme units, one per line of a vocabulary file."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import LanguageNotSpoken, ModelCorrupt
from wyoming_cosyvoice.tokenizer.japanese.kana import ANY_KANA
from wyoming_cosyvoice.tokenizer.japanese.sounds import VOWELS as JAPANESE_VOWELS
from wyoming_cosyvoice.tokenizer.read_word import TokenSpan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wyoming_cosyvoice.tokenizer.read_word import ReadWord

_LOGGER = logging.getLogger(__name__)

_NAMES = {"en": "English", "zh": "Chinese", "ja": "Japanese", "ko": "Korean"}

ReadWords = Callable[[str, str], "list[ReadWord]"]
"""Reads a spoken sentence in a language word by word."""


def read_vocabulary(path: Path) -> list[str]:
    """Return the units of a vocabulary file; a unit may be a space.

    Raises: ModelCorrupt if it is damaged.
    """
    try:
        units = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelCorrupt(f"The vocabulary {path.name} cannot be read.") from error
    if "" in units or len(set(units)) != len(units):
        raise ModelCorrupt(
            f"The vocabulary {path.name} has an empty line or a unit twice."
        )
    return units


class PhonemeTokenizer:
    """Converts a sentence to units, and units to their line numbers."""

    sounds: tuple[str, ...] = ()
    reads_phones = False

    def __init__(self, vocabulary: Sequence[str], read: ReadWords) -> None:
        self._ids = {unit: number for number, unit in enumerate(vocabulary)}
        self._units_by_id = tuple(vocabulary)
        self._read = read
        reads_japanese = self._ids.keys() >= set(JAPANESE_VOWELS)
        # Cantonese is read as Mandarin.
        self.languages = ("en", "zh", "yue", *(["ja"] if reads_japanese else []))

    @property
    def vocabulary_size(self) -> int:
        """Number of units."""
        return len(self._ids)

    @property
    def opening_tokens(self) -> list[int]:
        """Nothing: these prompts open with what a recording says, or the text."""
        return []

    def encode(self, spoken: str, language: str) -> list[int]:
        """Return the text tokens of a spoken sentence.

        Raises: LanguageNotSpoken if it cannot be read.
        """
        units = self._units(spoken, language)
        has_sounds = any(unit[0].isalpha() or unit[0] in "ˈˌ" for unit in units)
        is_foreign = any(map(str.isalpha, spoken)) and not has_sounds
        if language not in self.languages or is_foreign:
            known = {tag: _NAMES[tag] for tag in self.languages if tag in _NAMES}
            is_known = language in self.languages
            name = "this language" if is_known else _NAMES.get(language, language)
            raise LanguageNotSpoken([name], [*known.values()])
        return self.units_to_ids(units)

    def count(self, spoken: str, language: str) -> int:
        """Return the number of text tokens of ``encode``; kana are always Japanese."""
        if "ja" in self.languages and ANY_KANA.search(spoken):
            language = "ja"
        return len(self._units(spoken, language))

    def spans(self, spoken: str, language: str) -> list[TokenSpan]:
        """Return the text tokens of each word, in order."""
        found: list[TokenSpan] = []
        first = 0
        for word in self._read(spoken, language):
            last = first + sum(unit in self._ids for unit in word.units)
            if word.end > word.start and last > first:
                found.append(TokenSpan(first, last, word.start, word.end))
            first = last
        return found

    def last_stress(self, text_tokens: Sequence[int]) -> int | None:
        """Return the place of the last stressed vowel, or of the last tone."""
        for place in range(len(text_tokens) - 1, -1, -1):
            unit = self._units_by_id[text_tokens[place]]
            if unit[0] == "ˈ" or unit[-1] in "12345":
                return place
        return None

    def _units(self, spoken: str, language: str) -> list[str]:
        return [unit for word in self._read(spoken, language) for unit in word.units]

    def units_to_ids(self, units: Sequence[str]) -> list[int]:
        """Return the id of each unit; unknown units are dropped."""
        unknown = {unit for unit in units if unit not in self._ids}
        if unknown:
            _LOGGER.warning("Unknown units were dropped: %s", sorted(unknown))
        return [self._ids[unit] for unit in units if unit not in unknown]
