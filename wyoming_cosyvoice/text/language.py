"""Which of the five languages a sentence is in.

Script decides what it can: Hangul is Korean, kana is Japanese. The rest needs a prior:
Han characters alone may be Mandarin, Cantonese or Japanese, and Latin letters or a bare
number may be in any of the five.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text.characters import (
    JAPANESE_ONLY,
    SIMPLIFIED_ONLY,
    SIMPLIFIED_OR_JAPANESE,
    TRADITIONAL_ONLY,
)
from wyoming_cosyvoice.text.patterns import any_of, pattern
from wyoming_cosyvoice.text.scripts import ANY_HAN, ANY_HANGUL, ANY_KANA, CJK
from wyoming_cosyvoice.text.sentence import EUROPEAN

if TYPE_CHECKING:
    from collections.abc import Sequence

# More than a word: two words in Latin letters, or as much in others.
_SENTENCE = pattern(
    rf"[A-Za-z]{{2}}[^A-Za-z]+[A-Za-z]{{2}}|[{CJK}](?:[^{CJK}]*[{CJK}]){{4}}"
)

# Words and characters that only written Cantonese has. A bare 係 is one unless it is
# part of a word that Mandarin has too.
_CANTONESE_CHAR = "[嘅喺咗哋啲嗰冇嚟畀佢唔乜嘢咩嘥瞓攞揾搵睇嘞囉喎㗎嚿郁攰靚啱冚]"
_CANTONESE_WORD = any_of("""
    而家 依家 尋日 聽日 琴日 點解 邊度 邊個 呢個 呢度 幾時 今個 仲有 仲未 熄咗
    冷氣 鐘頭 落雨 幾多 唔該 早晨 得閒 返嚟 返工 放工 屋企 老豆 執嘢 下晝 晏晝 朝早
""")
_CANTONESE = pattern(
    f"{_CANTONESE_CHAR}|(?<![關聯體体])係(?![數统統列])|{_CANTONESE_WORD}"
)

# Words in kanji alone that Chinese does not have: what a Japanese home says in them.
_KANJI_WORD = pattern(
    any_of("""
        設定完了 設定温度 暖房 冷房 除湿 加湿 午前 午後 了解 電池残量
        残量 予約 検知 再起動 停止中 運転中 運転 照明 玄関 居間 寝室 台所 洗濯 終了
        開始 完了 通知 今日 明日 昨日 曜日 時刻 時間 湿度 温度
    """)
)
_ENGLISH_FRAME_WORD = any_of("""
    the is are at of to and in on for your you was has have it this that with
    from now turned
""")
_ENGLISH_FRAME = pattern(rf"\b{_ENGLISH_FRAME_WORD}\b", re.IGNORECASE)
_DIGIT = pattern("[0-9]")
_LATIN_WORD = pattern("[A-Za-z\u00c0-\u024f]{2,}")
_LOWER_WORD = pattern("(?<![0-9A-Za-z])[A-Za-z]?[a-z\u00df-\u00ff]{3,}")
# Addresses, identifiers and units say nothing about the language.
# Each begins where no such character precedes: the search is linear.
_ADDRESS = r"(?<![a-z])[a-z]+://\S+|(?<!\S)[^\s@]+@\S+"
_IDENTIFIER = "(?<![A-Za-z0-9-])[A-Za-z0-9-]+(?:[._][A-Za-z0-9-]+)+"
_QUANTITY = r"[0-9]\s?[A-Za-zµ°]+(?:/[A-Za-z]+)?[²³23]?"
_NO_WORD = pattern(f"{_ADDRESS}|{_IDENTIFIER}|{_QUANTITY}")


def detect(
    text: str,
    priors: Sequence[str | None] = (),
    running: str = "",
    hints: Sequence[str | None] | None = None,
) -> str:
    """Return the language of one sentence.

    ``priors`` are the voice's and the request's language, strongest first; ``running``
    is the language of the conversation so far. A prior never overrules a script that it
    cannot be written in. ``hints`` decide, in their order, for a text without letters
    and for a single word; without them the priors do, and then ``running``.
    """
    if hints is not None and not _SENTENCE.search(text):
        priors = (*hints, *priors)
    prior = next((name for name in priors if name), "")
    han = len(ANY_HAN.findall(text))
    kana = len(ANY_KANA.findall(text))
    hangul = len(ANY_HANGUL.findall(text))
    words = _NO_WORD.sub(" ", text) if _LATIN_WORD.search(text) else ""
    latin = len(_LATIN_WORD.findall(words))
    if _is_english_frame(text, latin, han + kana + hangul, prior):
        return "en"
    if hangul and hangul * 2 >= han + kana:
        return "ko"
    if han or kana:
        # The last language may be one that is not written like this: Instagram：你好.
        prior = next((name for name in priors if name in _WRITTEN_IN_HAN), prior)
        return _han_language(text, han, kana, prior, running)
    if latin == 1 and prior and _DIGIT.search(text):
        return prior  # a name beside a number: sin30°, Kitchen 23.5°C
    if latin and (_LOWER_WORD.search(words) or not (prior or running)):
        return "en"
    return prior or running or "en"


def _is_english_frame(text: str, latin: int, cjk: int, prior: str) -> bool:
    """Whether CJK words are only quoted in an English sentence."""
    frame = len(_ENGLISH_FRAME.findall(text)) if latin and cjk else 0
    return frame >= _FRAME_WORDS and cjk <= 2 * latin and prior in ("", "en")


def _han_language(  # noqa: PLR0911 - one rule per line, the strongest first
    text: str, han: int, kana: int, prior: str, running: str
) -> str:
    """Tell Mandarin, Cantonese and Japanese apart."""
    is_simplified = not SIMPLIFIED_ONLY.isdisjoint(text)
    # A quoted Japanese word does not make a Chinese sentence Japanese.
    if kana and kana * 3 >= han and not (is_simplified and han > kana):
        return "ja"
    if _CANTONESE.search(text) and prior != "ja":
        return "yue"
    if prior in _WRITTEN_IN_HAN:
        return "zh" if is_simplified and prior == "ja" else prior
    if is_simplified:
        return "zh"
    if not JAPANESE_ONLY.isdisjoint(text):
        return "ja"
    if running in ("yue", "ja", "zh"):
        return running
    if kana or (_KANJI_WORD.fullmatch(text.strip(" 。！、")) or text.count("中です")):
        return "ja"
    return "ja" if _IS_KANJI_PHRASE.search(text) else "zh"


_WRITTEN_IN_HAN = ("zh", "yue", "ja")
_FRAME_WORDS = 2
_KANJI_PHRASE = "設定完了|電池残量|再起動|運転中|停止中|検知"
_KANJI_TIME = "[零〇一二三四五六七八九十]時$|午[前後][0-9一二三四五六七八九十]+時"
_KANJI_STATE = "(?:暖房|冷房|除湿|照明|予約|運転|洗濯)(?:開始|終了|完了|停止)"
_IS_KANJI_PHRASE = pattern(f"{_KANJI_PHRASE}|{_KANJI_TIME}|{_KANJI_STATE}")


def is_traditional(text: str) -> bool:
    """Whether Chinese text is written in Traditional characters."""
    if TRADITIONAL_ONLY.isdisjoint(text):
        return False
    traditional = sum(char in TRADITIONAL_ONLY for char in text)
    simplified = sum(
        char in SIMPLIFIED_ONLY or char in SIMPLIFIED_OR_JAPANESE for char in text
    )
    return traditional > simplified


_TAGS = {
    "zh": "zh",
    "cmn": "zh",
    "yue": "yue",
    "en": "en",
    "ja": "ja",
    "ko": "ko",
    "kr": "ko",
    "jp": "ja",
    **{name: name for name in EUROPEAN},
}


@lru_cache(maxsize=64)
def language_of_tag(tag: str) -> str | None:
    """Return our name for a BCP 47 tag: ``zh-HK`` is ``yue``; None if unknown."""
    parts = tag.lower().replace("_", "-").split("-")
    if parts[0] == "zh" and {"hk", "mo", "yue"} & set(parts[1:]):
        return "yue"
    return _TAGS.get(parts[0])
