"""Kana."""

from __future__ import annotations

import re

ANY_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def katakana(text: str) -> str:
    """Write hiragana in katakana; everything else stays."""
    return text.translate(_TO_KATAKANA)
