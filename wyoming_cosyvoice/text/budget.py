"""How long saying a sentence can take, from its syllables or morae.

The engine lets the speech model stop only after ``min_speech_s`` and stops it after
``max_speech_s``. A limit by text tokens, as upstream has it, cuts short answers: one
token of the Whisper vocabulary can hold a whole phrase.
"""

from __future__ import annotations

from functools import lru_cache

from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.phones import as_characters
from wyoming_cosyvoice.text.scripts import CJK, HAN, HANGUL, KANA

# Seconds per syllable (Han, Hangul, English) or mora (kana): the fastest and the
# slowest reading that is still speech. Natural speech is near the middle.
_HAN_S = (0.10, 0.50)
_MORA_S = (0.07, 0.27)
_HANGUL_S = (0.08, 0.40)
_ENGLISH_S = (0.09, 0.48)
_LETTER_S = (0.10, 0.55)
_OTHER_S = (0.04, 0.40)

# A kanji has one to three morae, and text alone does not show how many.
_MORAE_PER_KANJI = (1, 3)

_PAUSE_S = 0.8
"""The longest pause that the model makes at one mark."""

_TAIL_S = 1.0
"""Room for the silence before the first and after the last syllable."""

_HAN_RUN = pattern(f"[{HAN}]+")
_KANA_RUN = pattern(f"[{KANA}]+")
_SMALL_KANA = pattern("[ぁぃぅぇぉゃゅょゎァィゥェォャュョヮ]")
_HANGUL_RUN = pattern(f"[{HANGUL}]+")
_WORD = pattern("[A-Za-z\u00c0-\u024f']+")
_VOWELS = pattern("[aeiouy\u00e0-\u024f]+")
_SILENT_E = pattern("[^aeiouyl]e$")
_CYRILLIC_VOWEL = pattern("[аеёиоуыэюяАЕЁИОУЫЭЮЯ]")
_OTHER_LETTER = pattern(f"(?![A-Za-z\u00c0-\u024f\u0400-\u04ff_{CJK}])\\w")
_MARK = pattern("[,，、;；:：.。!！?？…—]+")


@lru_cache(maxsize=4096)
def syllables(word: str) -> int:
    """Estimate the syllables of an English word; at least one."""
    word = word.lower()
    count = len(_VOWELS.findall(word))
    if count > 1 and _SILENT_E.search(word):
        count -= 1
    return max(1, count)


def speech_limits(spoken: str, language: str) -> tuple[float, float]:
    """Return the shortest and the longest time in seconds that ``spoken`` can take."""
    shortest = longest = 0.0
    spoken = as_characters(spoken)

    def add(count: int, seconds: tuple[float, float]) -> None:
        nonlocal shortest, longest
        shortest += count * seconds[0]
        longest += count * seconds[1]

    han = sum(map(len, _HAN_RUN.findall(spoken)))
    if language == "ja":
        shortest += han * _MORAE_PER_KANJI[0] * _MORA_S[0]
        longest += han * _MORAE_PER_KANJI[1] * _MORA_S[1]
    else:
        add(han, _HAN_S)
    for run in _KANA_RUN.findall(spoken):
        add(max(1, len(run) - len(_SMALL_KANA.findall(run))), _MORA_S)
    add(sum(map(len, _HANGUL_RUN.findall(spoken))), _HANGUL_S)
    for word in _WORD.findall(spoken):
        if len(word) == 1:
            add(1, _LETTER_S)
        else:
            add(syllables(word), _ENGLISH_S)
    add(len(_CYRILLIC_VOWEL.findall(spoken)), _ENGLISH_S)
    add(len(_OTHER_LETTER.findall(spoken)), _OTHER_S)
    longest += _TAIL_S + _PAUSE_S * len(_MARK.findall(spoken.rstrip(" .。!?！？")))
    return round(shortest, 3), round(longest, 3)
