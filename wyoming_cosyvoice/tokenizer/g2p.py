"""A spoken sentence, of one language or mixed -> the units of the starter voice.

Each run of Chinese characters is read by ``g2p_zh``, each run of Latin letters by
``g2p_en``; in a Japanese sentence kanji and kana are read by ``g2p_ja``. A space unit
marks where the script changes, between words and after punctuation in English. ``^``
and ``$`` mark begin and end.
"""

from __future__ import annotations

import re

from wyoming_cosyvoice.tokenizer.g2p_en import EnglishG2P, plain_letters
from wyoming_cosyvoice.tokenizer.read_word import ReadWord
from wyoming_cosyvoice.tokenizer.sounds_en import PUNCTUATION, SPACE

BEGIN, END = "^", "$"
# A hyphen parts words without a pause: Jean-Luc is found where Jean Luc is.
_MARKS = str.maketrans("，。、！？；：—…‘’-", ",.,!?;:,.'' ")
_ENGLISH = r"[A-Za-z][A-Za-z'. ]*"
_OTHER_RUNS = rf"{_ENGLISH}(?:[,;:] *{_ENGLISH})*|[,.!?;:]"
_KANA = r"[\u3040-\u30ff]"
_RUN = re.compile(rf"[\u3400-\u9fff]+|{_KANA}+|{_OTHER_RUNS}")
_JAPANESE_RUN = re.compile(rf"(?:{_KANA}|[\u3005-\u3007\u3400-\u9fff])+|{_OTHER_RUNS}")


class MixedG2P:
    """Reads sentences; may be shared by threads."""

    def __init__(self) -> None:
        self._english = EnglishG2P()

    def __call__(self, spoken: str, language: str) -> list[str]:
        """Turn a sentence of nothing but words and punctuation into units."""
        return [unit for word in self.words(spoken, language) for unit in word.units]

    def words(self, spoken: str, language: str) -> list[ReadWord]:
        """Read a sentence word by word; marks and spaces are entries of their own.

        The script decides the language, except that kanji are Japanese only if
        ``language`` is.
        """
        runs = _JAPANESE_RUN if language == "ja" else _RUN
        found = [ReadWord((BEGIN,))]
        before = ""
        text = spoken.translate(_MARKS)
        for match in runs.finditer(plain_letters(text)):
            # Found without accents, read with them: "resume" and "résumé".
            run = text[slice(*match.span())]
            is_cjk = run[0] >= "\u3005"
            if not is_cjk:
                words = self._english.words(run)
            elif language == "ja" or re.match(_KANA, run):
                words = _japanese(run)
            else:
                words = _mandarin(run)
            # Chinese and Japanese have no space after punctuation, English has.
            after_mark = is_cjk and before in PUNCTUATION
            if before and run not in PUNCTUATION and not after_mark:
                found.append(ReadWord((SPACE,)))
            found += [word.shifted(match.start()) for word in words]
            before = found[-1].units[-1] if found[-1].units else before
        return [*found, ReadWord((END,))]


def _mandarin(run: str) -> list[ReadWord]:
    """Read Chinese characters; the first call loads pypinyin."""
    from wyoming_cosyvoice.tokenizer import g2p_zh  # noqa: PLC0415

    return g2p_zh.words(run)


def _japanese(run: str) -> list[ReadWord]:
    """Read kanji and kana; the first call opens the dictionary."""
    from wyoming_cosyvoice.tokenizer import g2p_ja  # noqa: PLC0415

    return g2p_ja.words(run)
