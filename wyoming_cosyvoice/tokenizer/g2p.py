"""A spoken sentence, English or Mandarin or both -> the units of the starter voice.

Each run of Chinese characters is read by ``g2p_zh``, each run of Latin letters by
``g2p_en``; a space unit stands where the script changes, between words and after
punctuation in English. ``^`` and ``$`` mark begin and end.
"""

from __future__ import annotations

import importlib
import re
import threading

from wyoming_cosyvoice.tokenizer.g2p_en import PUNCTUATION, SPACE, EnglishG2P

BEGIN, END = "^", "$"
_MARKS = str.maketrans("，。、！？；：—…‘’", ",.,!?;:,.''")
_ENGLISH = r"[A-Za-z][A-Za-z'. ]*"
_RUN = re.compile(rf"[\u3400-\u9fff]+|{_ENGLISH}(?:[,;:] *{_ENGLISH})*|[,.!?;:]")


class MixedG2P:
    """Reads sentences; may be shared by threads."""

    def __init__(self) -> None:
        self._english = EnglishG2P()
        # pypinyin reads 47,000 phrases when it is imported, as long as it takes to open
        # all networks: it does so beside, and only a Chinese sentence waits for it.
        name = "wyoming_cosyvoice.tokenizer.g2p_zh"
        threading.Thread(
            target=importlib.import_module, args=(name,), daemon=True
        ).start()

    def __call__(self, spoken: str, language: str) -> list[str]:
        """Turn a sentence of nothing but words and punctuation into units.

        The scripts tell the languages apart, so ``language`` changes nothing.
        """
        del language
        found: list[str] = []
        for run in _RUN.findall(spoken.translate(_MARKS)):
            is_chinese = run[0] >= "\u3400"
            units = _mandarin(run) if is_chinese else self._english.to_units(run)
            after_mark = found[-1:] and found[-1] in PUNCTUATION
            # Chinese has no space after punctuation, English has.
            if found and run not in PUNCTUATION and not (is_chinese and after_mark):
                found.append(SPACE)
            found += units
        return [BEGIN, *found, END]


def _mandarin(run: str) -> list[str]:
    """Read Chinese characters, as soon as the phrases are there."""
    from wyoming_cosyvoice.tokenizer import g2p_zh  # noqa: PLC0415 - see __init__

    return g2p_zh.to_units(run)
