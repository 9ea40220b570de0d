"""Decide what numbers with a colon are: a time of day, a span of time or a score.

Without a row that fits 12:30 is a time of day where it can be one, else a proportion.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.scores import (
    RATIO_WORD,
    SCORE_WORD,
    TEAM_AFTER,
    TEAM_BEFORE,
)
from wyoming_cosyvoice.text.decisions.table import NEAR, Row, Table
from wyoming_cosyvoice.text.decisions.verses import BOOK
from wyoming_cosyvoice.text.patterns import any_of

_COUNTS_DOWN_HAN = any_of(
    "剩余 剩餘 还剩 還剩 片长 片長 全长 全長 倒计时 倒計時 计时器? 計時器? 用时 用時 时长 時長"
)
_COUNTS_DOWN_OTHER = any_of(
    "残り(?:時間)? タイマー 経過 再生時間 動画の長さ 러닝타임 상영\\s?시간 노래_길이 재생\\s?시간 남은\\s?시간 타이머 경과 소요\\s?시간"
)
_COUNTS_DOWN_ENGLISH = any_of("""
    timer countdown remaining elapsed run_?time duration lap track song video clip
    stopwatch lasts lasted length
""")
_COUNTS_DOWN = (
    f"(?:{_COUNTS_DOWN_HAN}|{_COUNTS_DOWN_OTHER}"
    rf"|(?i:\b{_COUNTS_DOWN_ENGLISH}\b))[^0-9]{{0,12}}"
)
_IS_LEFT_ENGLISH = (
    r"left(?=\s*(?:[.,!?]|$|on\b|until\b|before\b|in\b))|remaining|elapsed"
)
_IS_LEFT_PHRASES = (
    "on the clock|to (?:go|play)|into the|mark\\b|in (?:regulation|overtime|OT)\\b"
)
_IS_LEFT_OTHER = any_of("残って で終了 남았 남음 후_종료 后结束 後結束")
_IS_LEFT = rf"\s?(?:{_IS_LEFT_ENGLISH}|{_IS_LEFT_PHRASES}|{_IS_LEFT_OTHER})"

_LASTS_HAN = any_of("""
    计时 計時 剩余 剩餘 还有 還有 仲有 用时 用時 时长 時長 历时 倒数 残り タイマー 所要 남 타이머 소요
""")
_LASTS_ENGLISH = any_of("""
    timer left remaining duration elapsed lasted took countdown length runtime into_the
""")
_LASTS = rf"(?:{_LASTS_HAN}|(?i:\b{_LASTS_ENGLISH}\b))"

_RUN_IN_ENGLISH = any_of("in time_of of clocked record_of finish(?:ed)?_at")
_RUN_IN_OTHER = any_of(
    "成绩 成績 用时 用時 用[了咗] 跑出 跑进 タイム[はが]? 記録[はが]? 기록은?"
)
_RUN_IN = rf"(?:(?i:\b{_RUN_IN_ENGLISH})|{_RUN_IN_OTHER})[:：]?\s?"
_RUN_ENGLISH = any_of("""
    ran run race marathon lap finish(?:ed)? swam clocked record runner 5k 10k mile
""")
_RUN_OTHER = any_of("跑 游 马拉松 馬拉松 走 マラソン 마라톤 달리 완주 기록")
_RUN = rf"(?:(?i:\b{_RUN_ENGLISH}\b)|{_RUN_OTHER})"

_RACE = any_of("""
    马拉松 馬拉松 [半全][马馬] 铁人三项 鐵人三項 越野[跑赛賽] マラソン ハーフ フル トライアスロン 마라톤 하프 풀코스 철인
""")
_RACED = rf"{_RACE}[^0-9于於在，。,.]{{0,14}}"
_RACE_STARTS = r"\s?(?:[开開起]跑|[开開]始|[鸣鳴][枪槍]|出[发發発]|集合|起步|に?(?:スタート|開始|出発|集合)|에?\s?(?:출발|시작|집합))"

# 11:7 is no time of day, and 9:11 beside it is none either.
_SET, _SET_SCORE, _AND = r"[0-9]{1,2}[:：][0-9]", r"[0-9]{1,2}[:：][0-9]", r"[、，,]\s?"
_RATIO_AFTER = any_of(
    "scale ratio odds dilution mixture mix split slope aspect compression"
)

_SCREEN = r"的?の?\s?(?:屏|画面|畫面|比例|宽屏|显示|顯示|螢幕|モニター|ディスプレイ|화면|비율|모니터)"
_RECORD_WORD = any_of("""
    世界 日本 自己 大会 세계 자기 한국 대회 个人 個人 最好 最佳
""")
_RECORD = rf"(?:の|의|的)?\s?{_RECORD_WORD}?\s?新?(?:記録|ベスト|기록|신기록|纪录|紀錄|成绩|成績)"

_PACED = any_of("km\\b mi\\b mile\\b 公里 キロ 킬로")
_TIME_FOLLOWS = any_of("""
    시작 출발 도착 킥오프 예정 생중계 방송 입장 부터 開始 开始 開賽 开赛 開球 开球 开打 開打 直播 開場 开场 キックオフ プレイボール スタート から 試合開始
""")

COLONS = Table(
    "Numbers with a colon",
    Row("ja", "ロト", r"[67]:\d\d", "", "apart", "ロト6：03 11 24"),
    Row("*", BOOK, r"\d{1,3}:\d{1,3}", "", "verse", "John 3:16, 约翰福音3:16"),
    Row("*", _COUNTS_DOWN, "", "", "timed", "timer 5:30, 倒计时03:00"),
    Row("*", "", r"\d+:\d+", r"[ ]?min(?:ute)?s?\b", "timed", "24:30 min"),
    Row("*", "", "", _IS_LEFT, "timed", "5:30 left, 3:20 남음"),
    Row("zh yue ja ko", "", "16:10", _SCREEN, "score", "16:10的屏幕"),
    Row("zh yue ja ko", "", r"\d+:\d\d:\d\d", _RECORD, "span", "2:01:09の世界記録"),
    Row("*", _LASTS + NEAR, r"\d+:\d+:\d+", "", "span", "Runtime: 2:05:10"),
    Row("*", "", r"\d+:\d+:\d+", ".{0,9}" + _LASTS, "span", "1:05:30 into the film"),
    Row("*", r"\b(?i:set)\s(?i:for)\s", r"00?:\d+:\d+", "", "span", "set for 00:45:00"),
    Row("*", "", r"\d+:\d\d\.\d+", "", "run", "gold in 2:01.23"),
    Row("zh yue ja ko", _RACED, r"\d+:\d\d:\d\d", rf"(?!{_RACE_STARTS})", "span", "半馬做到1:52:30, not 马拉松8:00:00鸣枪"),
    Row("*", f"{_RUN}.{{0,36}}{_RUN_IN}", r"\d+:\d\d:\d\d", "", "span", "马拉松成绩2:05:42"),
    Row("*", f"{_RUN}.{{0,36}}{_RUN_IN}", r"\d+:\d\d", "", "run", "ran 10K in 44:50"),
    Row("*", _RUN_IN, r"\d+:\d\d", f".{{0,12}}{_RUN}", "run", "in 4:05 he ran"),
    Row("zh yue ja ko", "", r"[0-9]:[0-5][0-9]", rf"\s?/(?:{_PACED})", "timed", "配速5:30/km"),
    Row("zh yue ja ko", "", r"(?:1[0-9]|2[0-3]):[0-5][0-9]", rf"\s?{_TIME_FOLLOWS}", "clock", "경기 18:30 시작"),
    Row("*", "", r"0[0-9]:[0-5][0-9]|[0-9]{1,2}:0[0-9]", "", "clock", "서울 07:05: no score has a zero before it"),
    Row("*", SCORE_WORD + NEAR, "", "", "score", "won 3:1, 比分3:1"),
    Row("*", RATIO_WORD + NEAR, "", "", "score", "比例1:2.5, aspect 16:9"),
    Row("en", "", "", rf"\s{_RATIO_AFTER}\b", "score", "a 1:24 scale model"),
    Row("*", "", "", f".{{0,6}}{SCORE_WORD}", "score", "3:1获胜"),
    Row("zh yue ja ko", rf"{_SET_SCORE}(?:{_AND}{_SET}[0-9]){{0,4}}{_AND}", _SET + "[0-9]", "", "score", "11:7、9:11"),
    Row("zh yue ja ko", "", _SET + "[0-9]", rf"(?:{_AND}{_SET}[0-9]){{0,4}}{_AND}{_SET_SCORE}(?![0-9])", "score", "9:11、11:8"),
    Row("*", TEAM_BEFORE, "", "", "score", "湖人 3:1"),
    Row("*", "", "", TEAM_AFTER, "score", "3:1 Chelsea"),
)  # fmt: skip
