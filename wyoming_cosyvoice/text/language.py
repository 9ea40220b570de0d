"""Which of the five languages a sentence is in.

Script decides what it can: Hangul is Korean, kana is Japanese. The rest needs a prior:
Han characters alone may be Mandarin, Cantonese or Japanese, and Latin letters or a bare
number may stand in any of the five.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wyoming_cosyvoice.text.scripts import ANY_HAN, ANY_HANGUL, ANY_KANA

# Words and characters that only written Cantonese has. A bare 係 is one unless it is
# part of a word that Mandarin has too.
_CANTONESE = re.compile(
    "[嘅喺咗哋啲嗰冇嚟畀佢唔乜嘢咩嘥瞓攞揾搵睇嘞囉喎㗎嚿郁攰靚啱冚]"
    "|(?<![關聯体體])係(?![數统統列])"
    "|而家|尋日|聽日|琴日|點解|邊度|邊個|呢個|呢度|幾時|今個|仲有|仲未|熄咗|冷氣|鐘頭|落雨|幾多"
    "|唔該|早晨|得閒|返嚟|返工|放工|屋企|老豆|執嘢|下晝|晏晝|朝早"
)

# Kanji words that Chinese does not have, or writes with other characters.
_KANJI_ONLY = re.compile(
    "[円気駅図売検読変実対験単発権価続観戻込働畑峠枠匂]"
    "|設定完了|暖房|冷房|午前|午後|了解|電池残量|予約|検知|再起動|停止中|運転中|開始|終了|照明|玄関|居間|寝室"
)
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]{2,}")
_LOWER_WORD = re.compile("[a-z\u00df-\u00ff]{3,}")

_SIMPLIFIED_ONLY = re.compile("[们这个说时会来对开关门间长车东风电话灯湿应该气温卧厅]")


def detect(text: str, priors: Sequence[str | None] = (), running: str = "") -> str:
    """Return the language of one sentence.

    ``priors`` are the voice's and the request's language, strongest first; ``running``
    is the language of the conversation so far. A prior never overrules a script that it
    cannot be written in.
    """
    prior = next((name for name in priors if name), "")
    han = len(ANY_HAN.findall(text))
    kana = len(ANY_KANA.findall(text))
    hangul = len(ANY_HANGUL.findall(text))
    latin = len(_LATIN_WORD.findall(text))
    if hangul and hangul >= han + kana:
        return "ko"
    if han or kana:
        return _han_language(text, han, kana, prior, running)
    if latin and (_LOWER_WORD.search(text) or not (prior or running)):
        return "en"
    return prior or running or "en"


def _han_language(text: str, han: int, kana: int, prior: str, running: str) -> str:
    """Tell Mandarin, Cantonese and Japanese apart."""
    # A quoted Japanese word does not make a Chinese sentence Japanese.
    if kana * 3 >= han and kana:
        return "ja"
    if _SIMPLIFIED_ONLY.search(text) and not kana:
        return "zh" if prior != "yue" else "yue"
    if _CANTONESE.search(text):
        return "yue"
    if prior in ("zh", "yue", "ja"):
        return prior
    if kana or (_KANJI_ONLY.search(text) and running in ("", "ja")):
        return "ja" if not running or running == "ja" else "zh"
    if running in ("yue", "ja"):
        return running
    return "zh"


def is_traditional(text: str) -> bool:
    """Whether Chinese text is written in Traditional characters."""
    traditional = len(_TRADITIONAL.findall(text))
    return traditional > 0 and traditional >= len(_SIMPLIFIED.findall(text))


_TRADITIONAL = re.compile(
    "[們這個說時會來對開關門間長車東風電話燈濕應該氣溫臥廳點兩萬億攝號種裝設備啟動顯"
    "為與從後過還沒給讓請將達經結線網絡級紅綠藍黃熱涼烤爐鍋衣櫃樓層樹葉陽臺灣國學習現"
    "場價錢買賣費賬單機樂視頻聽讀寫聲響鈴鬧鐘錶歲歷頁圖書館課題語訊測檢驗確認錯誤嗎麼"
    "隻條張塊雙輛顆濾淨圍處於並當內員華濟區縣鄉鎮廣發運動進遠遲離週雲霧陰凍盡盤終縮總"
    "聯職腦臉藥術補製複規覺觀計訂記許詢誰談論護變豐貓負貨質購贊輕輸轉農連適選郵釋鐵銀"
    "鎖鍵鐵閉閱隊階際雜難雞靜頂項順預頭顧願類飛飯飲養館馬駕騎驚體鬆魚鳥麗齊龍龜]"
)
_SIMPLIFIED = re.compile(
    "[们这个说时会来对开关门间长车东风电话灯湿应该气温卧厅点两万亿摄号种装设备启动显为与"
    "从后过还没给让请将达经结线网络级红绿蓝黄热凉炉锅柜楼层树叶阳台湾国学习现场价钱买卖"
    "费账单机乐视频听读写声响铃闹钟岁历页图书馆课题语讯测检验确认错误吗么只条张块双辆颗"
    "滤净围处于并当内员华济区县乡镇广发运动进远迟离云雾阴冻尽盘终缩总]"
)
