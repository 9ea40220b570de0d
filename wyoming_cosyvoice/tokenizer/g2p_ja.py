"""Japanese -> the phoneme units of the starter voice.

百円の切符を  ->  ç a↓ k ɯ↑ e↑ ɴ n o↑ _ k i↓ Q p ɯ↑ o↑: sounds, whether each vowel is
high or low, and a space between accent phrases.
"""

from __future__ import annotations

from wyoming_cosyvoice.tokenizer.japanese import words as japanese_words
from wyoming_cosyvoice.tokenizer.japanese.phrases import phrases
from wyoming_cosyvoice.tokenizer.japanese.sounds import HIGH, LOW, is_high, morae
from wyoming_cosyvoice.tokenizer.read_word import ReadWord
from wyoming_cosyvoice.tokenizer.sounds_en import SPACE


def words(run: str) -> list[ReadWord]:
    """Read a run of kanji and kana, which has no marks in it, word by word."""
    found: list[ReadWord] = []
    place = 0
    for phrase in phrases(japanese_words(run)):
        if found:
            found.append(ReadWord((SPACE,)))
        mora = 0
        for word in phrase.words:
            start = run.index(word.written, place)
            place = start + len(word.written)
            units: list[str] = []
            for consonants, vowel in morae(word.said):
                mora += 1
                units += consonants
                if vowel:
                    height = HIGH if is_high(mora, phrase.accent) else LOW
                    units.append(vowel + height)
            found.append(ReadWord(tuple(units), start, place))
    return found
