"""Character classes of the writing systems that the front end distinguishes."""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import pattern

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
HANGUL = "\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e"
LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
CJK = HAN + KANA + HANGUL

ANY_HAN = pattern(f"[{HAN}]")
ANY_KANA = pattern(f"[{KANA}]")
ANY_HANGUL = pattern(f"[{HANGUL}]")
ANY_CJK = pattern(f"[{CJK}]")
ANY_LATIN = pattern(f"[{LATIN}]")
