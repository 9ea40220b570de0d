"""Decide whether a sign is said: it stands between things that can be calculated."""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import NEAR, Row, Table
from wyoming_cosyvoice.text.patterns import any_of
from wyoming_cosyvoice.text.scripts import CJK

_OPERAND_BEFORE = rf"[0-9a-z)|\]%°²³CFA-Zα-ωµΔΣΩ{CJK}]\s?"
_OPERAND_AFTER = rf"\s?[-√±($€£¥₩|\[]{{0,2}}[0-9a-zA-Zα-ωµ°ΔΣΩ{CJK}]"
_NUMBER_BEFORE = r"(?:[0-9)²³]\s?|(?:^|[\s(（=+*/×÷-])[0-9]?[a-zA-Z]\s?)"
_NUMBER_AFTER = r"\s?[-√]?(?:[0-9(]|[a-zA-Z](?![a-zA-Z]))"

_OPERATOR_BEFORE = r"[=(<>≤≥≠][ ]?"

_TERM_BEFORE = rf"(?:^|[{CJK}、，：:。「(（=+*×]|[=+*×]\s)[0-9]{{1,3}}[a-z]\s?"
_VARIABLE_BEFORE = rf"(?:^|[{CJK}、，：:。(（=+*×\s-])[0-9]{{0,3}}[a-z]\s?"
_TERM_AFTER = r"\s?[0-9]{1,2}(?![0-9A-Za-z-]|\s?[号號室番棟栋階组組型席호번동])"

_THREADED = any_of("bolts? screws? threads? nuts? taps? studs? thread x")

_GOES_ON = any_of("equals? gives? has must and for when where plus minus times over")

SIGNS = Table(
    "A sign of calculation",
    Row("*", _OPERATOR_BEFORE, "-", r"[a-zA-Z](?![a-zA-Z])", "negative", "x = -b"),
    Row("*", rf"{_OPERATOR_BEFORE}-?[a-zA-Z0-9]{{1,3}}", "/", r"[0-9]?[a-zA-Z](?![a-zA-Z])", "said", "x = -b/a"),
    Row("en", r"[\w)\]]\s?", r"[-+*/]=", r"\s?[\w(\"'-]", "said", "x += 1"),
    Row("*", "", "", rf"(?!{_OPERAND_AFTER})", "silent", "5 + nothing"),
    Row("*", "", "[√∞±]", "", "said", "√2, ±3"),
    Row("*", "", "-", "√", "said", "-√2"),
    Row("zh yue ja ko", "[A-Z]", "[-+]", r"[0-9.]{1,6}\s?(?:%|[Bb][Pp]s?\b|[个個]?基[点點]|厘)", "said", "P-1.75%, LPR+20BP"),
    Row("ja", "[ァ-ヺー]", "=", "[ァ-ヺー]", "silent", "ジャン＝リュック"),
    Row("*", "", "[≤≥≈]", "", "said", "≥ 5"),
    Row("*", _OPERAND_BEFORE, "[≠=×÷]", "", "said", "a = b"),
    Row("*", r"[0-9nkmNr)]!\s?", "[≠=×÷]", "", "said", "5! = 120"),
    Row("*", "", "[≠=×÷]", "", "silent", "= 5"),
    Row("en", r"(?:^|[\s(])[A-Z]", "-", rf"[A-Z]\s(?!{_GOES_ON}\b)[a-z]{{3}}", "silent", "the S-L curve"),
    Row("en", "", "-", "an?-[a-z]", "silent", "a $20-a-month plan"),
    Row("en", r"[0-9]/[0-9]{1,2}", "-", rf"[0-9]{{2}}\s{_THREADED}", "silent", "a 1/4-20 bolt"),
    Row("en", r"\b(?:0|5|10|15|20|25)[wW]", "-", r"(?:[2-6]0|16)\b", "silent", "5w-30 oil"),
    Row("en", r"[$€£][0-9.,]{1,12}[MBK]?", "/", r"[0-9]", "per", "$0.15/1M tokens"),
    Row("*", r"[0-9a-z][)!]\s?", "/", r"\s?\(?[0-9]", "said", "(4 + 8) / 3"),
    Row("en", r"[0-9a-z]!\s?", "/", r"\s?\(?[0-9a-z][0-9a-z +-]{0,8}\)?!", "said", "n!/(n-r)!"),
    Row("*", rf"(?:^|[{CJK}、，：:。])[0-9]{{0,3}}[a-z]\s?", "-", r"\s?[0-9]{0,3}[a-z]?\s?[=+<>≤≥×]", "said", "得3x-7=2x+5"),
    Row("zh yue ja ko", _TERM_BEFORE, "[-+]", _TERM_AFTER, "said", "式は5x-4です"),
    Row("zh yue ja ko", "[0-9][a-z]", "-", rf"[0-9]{{1,4}}\s?[{CJK}]", "silent", "2b-1号室"),
    Row("zh yue ja ko", _VARIABLE_BEFORE, "/", r"\s?[0-9]{1,3}\s?[=+*×-]", "said", "x/3+5=11"),
    Row("zh yue ja ko", "[A-Z][0-9]{1,3}", "/", "[0-9]", "silent", "E17/25W"),
    Row("*", r"[^0-9\s]\s*|^", "/", "", "silent", "and/or"),
    Row("en", r":[0-5][0-9]\s", "-", r"\s[0-9]{1,3}\s?(?:min|hr|hour|mi\b|miles?|km)", "pause", "3:15 - 20 min"),
    Row("*", r":[0-5][0-9]\s?", "/", r"\s?[0-9]{1,2}:", "silent", "9:00-11:30/14:00-16:00"),
    Row("*", "", "/", r"\s*[^0-9\s]", "silent", "5/day"),
    Row("*", "[0-9]{3}", "-", "[A-Z](?![A-Za-z])", "silent", "order 4471-B"),
    Row("*", "[^ ]|^", "", " ", "silent", "5- 3"),
    Row("*", " ", "", "[^ ]", "silent", "5 -3"),
    Row("*", _NUMBER_BEFORE, "", _NUMBER_AFTER, "said", "5 - 3, x + 1"),
)  # fmt: skip
"""Without a row that fits a sign is silent."""

_PRICED = "[0-9][十百千万亿]{0,2}(?:[元块塊円蚊次人度分位]|美元|港元|欧元|日元)"
_MONEY = r"[$¥€£]\s?[0-9][0-9.,~–—-]{0,16}[万萬亿億]?"
_TIME = "秒|分钟|分鐘|分(?![0-9之])|小[时時]|[天日月年周週]"
_ITEM, _PACK = (
    "[瓶包袋盒支片粒个個件条條只隻张張枚罐卷克]",
    "[箱盒包袋件组組套板排天日人次月年份瓶罐桶]",
)
_MEASURED_CJK = "[0-9](?:[毫千公厘]?[米克升里斤]|人次|[kmµ]?[gLl]|[km]?m)"
_BY = "[片粒次天日人个個件包袋瓶盒支杯份只隻条條小时時分秒晚夜月年周週公斤吨噸度期班层層间間套台位呎磅升平顿頓餐节節场場]"

RATES = Table(
    "A slash between a price and what it buys",
    Row("zh yue", _PRICED, "/", f"[{CJK}]", "per", "7.9元/升, 100次/分"),
    Row("zh yue ja", _MONEY, "/", f"[{CJK}]", "per", "$38/位, ¥100/個"),
    Row("zh yue", f"[0-9](?![年月日号號])[{CJK}]", "/", _TIME, "per", "60帧/秒"),
    Row("zh yue", "[0-9][万萬亿億]", "/", _BY, "per", "3.6万/平"),
    Row("zh yue", f"[0-9]{_ITEM}", "/", _PACK, "per", "12瓶/箱"),
    Row("zh yue", _MEASURED_CJK, "/", _BY, "per", "10mg/片, 62米/秒"),
    Row("zh yue", "[0-9]%", "/", "[年月周週天日]", "per", "管理费0.15%/年"),
    Row("zh yue ja ko", "[0-9]:[0-5][0-9]", "/", "(?:km|mi|mile|公里|キロ|킬로)", "per", "配速5:30/km"),
    Row("ja", "[0-9][万億]?円", "/", "[個本枚人回名台冊泊匹部組箱袋缶杯]", "per", "100円/個"),
)  # fmt: skip

_PART_OF_DATE = "[0-9][年月日号號时時点點分秒度元円階층도년월일시분초원층%周週]"
_WEEKDAY = any_of("""
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tues Tue Wed Thurs Thur
    Thu Fri Sat Sun
""")
_MONTH = any_of("""
    January February March April May June July August September October November
    December Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec
""")
_NAMED = rf"(?:{_WEEKDAY}|{_MONTH})"

PART_OF_DAY = any_of("""
    上午 下午 晚上 凌晨 中午 傍晚 次日 翌日 明日 上晝 下晝 朝早 夜晚 午前 午後 翌朝 深夜 오전 오후 새벽 저녁 다음 [AP]\\.?M
""")

_NOON = r"\b(?:noon|midnight|dawn|dusk|sunrise|sunset|close|late)"
_KITCHEN = any_of(
    "tsp tbsp cups? inch(?:es)? lbs? oz teaspoons? tablespoons? hours? hrs? miles?"
)

_NUMBERED = (
    "(?i:figs?|figures?|pp?|pages?|secs?|sections?|tables?|questions?|problems?)"
)

LINKS = Table(
    "A dash between dates and times",
    Row("*", "⁄[0-9]{1,2}", "[-–—]", "[0-9]", "link", "1½–2 hrs"),
    Row("en", rf"\b{_NUMBERED}\.?\s[0-9]{{1,3}}", "[-–—]", r"[0-9]{1,3}[a-h]\b", "link", "Figs. 3-4a"),
    Row("zh yue ja ko", "[0-9]/[0-9]{1,2}", "[-–—]", r"[0-9]{1,3}(?![0-9/-]|\s?[=+*×)])", "link", "1/2-3杯, 130/80-85"),
    Row("en", "[0-9]/[0-9]{1,2}", "[-–—]", rf"[0-9]{{1,2}}\s{_KITCHEN}", "link", "1/2-1 tsp"),
    Row("*", r"[0-9]\s?[a-z]{1,5}\.", "[-–—]", "[0-9]", "link", "18 mos.–3 yrs."),
    Row("*", "[0-9]", "[-–—]", "[0-9]{0,2}[ ]{0,2}[0-9]{1,2}⁄", "link", "2–2½ cups"),
    Row("*", r"[\w)）%°]\s?", "~", "", "link", "月~金, A~Z"),
    Row("*", "[)）]", "[-–—]", r"[01]?[0-9](?:/[0-3]?[0-9](?![0-9/])|[月월])", "link", "12/1(月)-12/5(金)"),
    Row("zh yue ja ko", "[0-9点點時时시]", "[-–—]", f"{PART_OF_DAY}", "link", "9:30-下晝5:00"),
    Row("*", "[0-9]'?s", "[-–—]", "[0-9]", "link", "1980s-1990s"),
    Row("*", r"\([0-9a-z]{1,3}\)", "[-–—]", r"\([0-9a-z]", "link", "Eqs. (3)-(5)"),
    Row("en", _NOON, "[-–—]", r"[0-9]", "link", "noon-1pm"),
    Row("en", r"[0-9](?:\s?[ap]\.?m\.?)?", "[-–—]", _NOON, "link", "9am-noon"),
    Row("*", _PART_OF_DATE, "[-–—]", "[0-9]", "link", "3月1日-5日"),
    Row("*", rf"[0-9](?![室栋棟幢])[{CJK}]{{1,2}}", "[-–—]", "[0-9]", "link", "300亿-350亿, 10個-15個"),
    Row("*", rf"\b{_MONTH}\.?\s[0-9]{{1,2}}", "[-–—]", rf"{_MONTH}\b", "link", "Dec 23–Jan 2"),
    Row("*", rf"\b{_NAMED}\.?", "[-–—]", rf"{_NAMED}(?![A-Za-z'])", "link", "Mon-Fri"),
)  # fmt: skip
"""Without a row that fits it links nothing."""

_VALUE_BEFORE = r"[0-9]\s?[^\s0-9]{0,6}\s?"
_VALUE_AFTER = r"\s?[-+]?[$€£¥₩]?[0-9]"
_DEGREES = r"\s?[-+]?[0-9.]{1,6}\s?[°度도]"
_SPEED = r"\s?[0-9.]{1,6}\s?(?:[KMGkmg]?bps|[KMGkmg]?[Bb]/s|km/h|m/s)"
_MEASURED_HAN = any_of("""
    温度 溫度 气温 氣溫 湿度 濕度 水位 血压 血壓 体重 體重 心率 人口 気温 体温
""")
_MEASURED_OTHER = any_of(
    "기온 온도 습도 체온 (?i:temperature|humidity|weight|heart_rate)"
)
_MEASURED = f"(?:{_MEASURED_HAN}|{_MEASURED_OTHER})"

TRENDS = Table(
    "An arrow up or down",
    Row("ja", "", "[▲△▼]", _VALUE_AFTER, "negative", "前日比▲312円"),
    Row("*", _MEASURED + NEAR, "", _VALUE_AFTER, "measured", "湿度↑60%"),
    Row("*", f"{_MEASURED}.{{0,12}}{_VALUE_BEFORE}", "", "", "measured", "체중 60kg ↑"),
    Row("*", "", "", _DEGREES, "measured", "↓3°C"),
    Row("*", "", "", _SPEED, "measured", "↓92.5Mbps"),
    Row("*", _VALUE_BEFORE, "", "", "price", "0.8%↓"),
    Row("*", "", "", _VALUE_AFTER, "price", "股价↑3%"),
)  # fmt: skip
"""Without a row that fits it is a pause."""
