"""Decide what a hyphen or a dash between two numbers means.

The form is given as the two numbers with the sign that compares them: a range rises
(``3<5``), a score may fall (``5>3``). With a tilde it has the tilde.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.scores import (
    RATIO_WORD,
    SCORE_WORD,
    TEAM_AFTER,
    TEAM_BEFORE,
)
from wyoming_cosyvoice.text.decisions.table import NEAR, Row, Table
from wyoming_cosyvoice.text.decisions.years import YEAR_BEFORE, YEAR_FOLLOWS
from wyoming_cosyvoice.text.patterns import any_of

_YEAR = "(?:1[0-9]{3}|20[0-9]{2})"
_AIRLINER = r"7[0-8]7[<>](?:[1-9]00(?:ER|LR)?|8|9|10)"
_MAKER = r"(?:(?i:Boeing|Airbus|Embraer|Bombardier)|波音|空客|机型|機型|기종|ボーイング|機種|보잉)\s?"
_FIGURE = (
    r"(?:图|圖|表|図|例|式|그림|표|식)\s?[(（]?|\b(?i:figures?|fig\.|tables?|exhibit)\s"
)
_SET_HAN = "[0-9一二三四五首末次两兩胜勝半][局盘盤节節场場]"
_SET_OTHER = r"(?:第[0-9]|[1-4])(?:セット|Q|ピリオド)|[0-9]\s?(?:쿼터|세트)"
_SET = rf"(?:{_SET_HAN}|{_SET_OTHER}|\b(?:Set|Game)\s[0-9])[:：,]?\s?"
_SPORT = any_of(
    "バレー(?:ボール)? サッカー ラグビー 野球 バスケ(?:ット)? 卓球 テニス バドミントン ハンドボール"
)
_MATCH = f"(?:{_SPORT}|MLB|NBA|NPB|NHL|[JＪ][1-3]?リーグ|プレミアリーグ|(?:準?決勝|初|開幕|[第0-9一二三]+)戦|準?決勝|前半|後半|試合)"
_THREE = r"(?![0-9]*0<[0-9]*0\Z)[0-9]{3}<[0-9]{3}"
_BAN = r"\s?(?:号|號|番地|동\s)"
_SMALL = "[0-9]{1,3}"

HYPHENS = Table(
    "A hyphen between numbers",
    Row("*", "", _AIRLINER, "", "name", "737-800, 777-300"),
    Row("*", _MAKER, "[0-9]{2,3}[<=>][0-9]{1,4}", "", "name", "空客350-900"),
    Row("*", _FIGURE, "[0-9]{1,2}[<=>][0-9]{1,3}", "", "name", "图3-2, Table 1-4"),
    Row("zh yue", "[(（]", f"{_YEAR}[<=>]{_YEAR}", "", "years", "李白(701-762)"),
    Row("zh yue ja ko", r"[^\W0-9A-Za-z_]\s?[(（]", _THREE, "[)）]", "years", "唐太宗（598-649）"),
    Row("en", YEAR_BEFORE, f"{_YEAR}<{_YEAR}", "", "years", "from 1914-1918"),
    Row("en", YEAR_BEFORE, f"{_YEAR}>[0-9]{{2}}", "", "years", "from 1939-45"),
    Row("en", "", f"{_YEAR}<{_YEAR}", YEAR_FOLLOWS, "years", "the 1914-1918 war"),
    Row("en", "", rf"{_YEAR}>[0-9]{{2}}", YEAR_FOLLOWS, "years", "2020-21"),
    Row("en", "", rf"{_YEAR}(?:<{_YEAR}|>[0-9]{{2}})", r"\s[^a-z]|\S|$", "years", "2020-21, 1914-18"),
    Row("zh yue", "", "7<11", "便利|超商|[买買全咖门門]", "pair", "7-11便利店"),
    Row("en", "", "50=50|60>40|70>30|80>20|90>10", "", "pair", "a 50-50 split"),
    Row("en", r"\b(?i:big)\s", "[1-9][=>]0", "", "age", "the big 4-0"),
    Row("*", SCORE_WORD + NEAR, "[0-9]+[<=>][0-9]+", "", "score", "won 112-108, 比分3-2"),
    Row("*", _SET, "[0-9]+[<=>][0-9]+", "", "score", "3세트 25-23, 第一局11-9"),
    Row("*", RATIO_WORD + NEAR, "[0-9]+[<=>][0-9]+", "", "score", "比例3-2"),
    Row("*", "", "[0-9]+[<=>][0-9]+", f".{{0,6}}{SCORE_WORD}", "score", "3-2获胜"),
    Row("*", TEAM_BEFORE, "[0-9]+[<=>][0-9]+", "", "score", "湖人112-108"),
    Row("*", "", "[0-9]+[<=>][0-9]+", TEAM_AFTER, "score", "3-2 阪神"),
    Row("zh yue ja ko", rf"{TEAM_BEFORE}[(（]", "[0-9]{1,2}[<=>][0-9]{1,2}", "", "score", "1-3 대한항공(22-25"),
    Row("ja", "", f"{_SMALL}[<=>]{_SMALL}", rf"[でとの].{{0,14}}{SCORE_WORD}", "score", "10-2でヤンキースが大勝"),
    Row("ja", _MATCH + NEAR, f"{_SMALL}[<=>]{_SMALL}", r"(?![-0-9]|丁目|番|号)", "score", "MLBでは10-2"),
    Row("ja", "", f"{_SMALL}[<=>]{_SMALL}", _BAN, "address", "神田5-3番地"),
    Row("ja", "", f"{_SMALL}[=>]{_SMALL}", "", "address", "青山5-3: a range does not fall"),
    Row("zh yue ko", "", f"{_SMALL}[=>]{_SMALL}", "", "score", "主场5-3: a range does not fall"),
    Row("*", "", "", "", "range", "3-5 minutes"),
)  # fmt: skip
