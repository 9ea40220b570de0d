"""The tokenizer of small packs: phoneme units, one per line of a vocabulary file."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import LanguageNotSpoken, ModelCorrupt
from wyoming_cosyvoice.tokenizer.read_word import TokenSpan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wyoming_cosyvoice.tokenizer.read_word import ReadWord

_LOGGER = logging.getLogger(__name__)

# No unit stands for a sound of these; Cantonese is read as Mandarin.
_UNREADABLE = {"ja": "Japanese", "ko": "Korean"}

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
    """Reads a sentence out as units and numbers them by their line."""

    def __init__(self, vocabulary: Sequence[str], read: ReadWords) -> None:
        self._ids = {unit: number for number, unit in enumerate(vocabulary)}
        self._read = read

    @property
    def vocabulary_size(self) -> int:
        """How many units there are."""
        return len(self._ids)

    @property
    def opening_tokens(self) -> list[int]:
        """Nothing: these prompts open with what a recording says, or the text."""
        return []

    def encode(self, spoken: str, language: str) -> list[int]:
        """Return the text tokens of a spoken sentence.

        Raises: LanguageNotSpoken rather than to leave out what it cannot read.
        """
        units = self._units(spoken, language)
        has_sounds = any(unit[0].isalpha() or unit[0] in "ˈˌ" for unit in units)
        is_foreign = any(map(str.isalpha, spoken)) and not has_sounds
        if language in _UNREADABLE or is_foreign:
            name = _UNREADABLE.get(language, "this language")
            raise LanguageNotSpoken([name], ["English", "Chinese"])
        return self.units_to_ids(units)

    def count(self, spoken: str, language: str) -> int:
        """Return how many text tokens ``encode`` would give."""
        return len(self._units(spoken, language))

    def spans(self, spoken: str, language: str) -> list[TokenSpan]:
        """Return which text tokens of ``encode`` say which word, in their order."""
        found: list[TokenSpan] = []
        first = 0
        for word in self._read(spoken, language):
            last = first + sum(unit in self._ids for unit in word.units)
            if word.end > word.start and last > first:
                found.append(TokenSpan(first, last, word.start, word.end))
            first = last
        return found

    def _units(self, spoken: str, language: str) -> list[str]:
        return [unit for word in self._read(spoken, language) for unit in word.units]

    def units_to_ids(self, units: Sequence[str]) -> list[int]:
        """Return the number of each unit; those not in the vocabulary are left out."""
        unknown = {unit for unit in units if unit not in self._ids}
        if unknown:
            _LOGGER.warning("The model does not know the units %s", sorted(unknown))
        return [self._ids[unit] for unit in units if unit not in unknown]
