"""Decide whether letters behind a number are a unit: 16 A, 4K, 25 bps, 42 W. 5th St.

``unit`` is the unit that they look like, ``word`` none; any other meaning is the symbol
of the unit that they stand for.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.bare_numbers import STREET
from wyoming_cosyvoice.text.decisions.magnitudes import PLACE_BEFORE
from wyoming_cosyvoice.text.decisions.table import NEAR, Row, Table
from wyoming_cosyvoice.text.patterns import any_of

_CURRENT_ENGLISH = any_of(r"""
    current breaker fuse draws? drawing charg\w+ trips? rated limit max(?:imum)? amps?
""")
_CURRENT = rf"(?:电流|電流|電源|전류|\b(?i:{_CURRENT_ENGLISH})\b)"
_CURRENT_FOLLOWS = r"\s?(?:fuse|breaker|circuit|current|charg|socket|outlet)"
_COLOR_ENGLISH = any_of("color_temp colour_temp kelvin warm cool_white light")
_COLOR = f"(?:色温|色溫|色温度|색온도|(?i:{_COLOR_ENGLISH}))"
_RATE_ENGLISH = any_of("""
    rates? cut cuts hike hikes hiked raised lowered yields? spread basis Fed ECB bonds?
    mortgage widened narrowed
""")
_RATE = rf"(?:降息|加息|利率|收益率|金利|利上げ|利下げ|금리|인하|인상|\b(?i:{_RATE_ENGLISH})\b)"
_RATE_FOLLOWS = r"\s(?i:rate|cut|hike|rise|increase|drop|lower|higher|above|below|to\s[0-9.]+%)|(?:降|加|上|下|利)"
_TOUCHING = any_of("in A K C F N J M MM d t B at")
_LATIN_WORD = r"(?:^|[^0-9A-Za-z])[A-Za-z]+-?"

_BUS = r"(?:巴士|小巴|公交|专线|專線|[搭坐乘]|登[机機]口|閘口|버스|バス)\s?"

_N = "[-+±0-9.,]+"

UNIT_LETTERS = Table(
    "Letters behind a number",
    Row("*", _CURRENT + NEAR, f"{_N} A", "", "unit", "a fuse of 16 A"),
    Row("*", "", f"{_N} A", _CURRENT_FOLLOWS, "unit", "16 A fuse"),
    Row("*", "", r"[-+]?[0-9]+\.[0-9]+ [AK]", "(?![A-Za-z])", "unit", "3.2 A, 0.1 K"),
    Row("*", r"(?:T|temp[a-z]*)\s?[=≈:]\s?", f"{_N} K", "", "unit", "ΔT = 15 K"),
    Row("*", _BUS, "[0-9]{1,3}[A-Z]", "", "word", "巴士1A"),
    Row("*", PLACE_BEFORE, f"{_N} ?[A-Z]", "", "word", "seat 23K"),
    Row("ja", "", f"{_N}V", "型", "word", "55V型"),
    Row("*", "", f"{_N} ?[A-F]", r"\s?(?:석|席|座|号|號|호|번|동|栋|棟|班|반|组|組|조|등급|级|級|型|형)", "word", "12A석, 3B栋"),
    Row("*", "", f"{_N} {_TOUCHING}", "", "word", "5 in all, 3 A students"),
    Row("*", r"[0-9]\s?h\s?", f"{_N} ?m", "", "min", "1h 5m"),
    Row("*", "", f"{_N} ?m", r"\s?[0-9]{1,2}\s?s(?![A-Za-z])", "min", "5m30s"),
    Row("*", "", "[-+±0-9.,]{4,}K", "", "unit", "2700K"),
    Row("*", _COLOR + NEAR, f"{_N}K", "", "unit", "色温800K"),
    Row("*", "", f"{_N}K", "", "word", "4K"),
    Row("*", "", f"{_N} ?[MBTCFD]", "", "word", "seat 5B, 3D"),
    Row("*", _RATE + NEAR, f"{_N} ?bps?", "", "bp", "cut rates by 25 bps"),
    Row("*", "", f"{_N} ?bps?", _RATE_FOLLOWS, "bp", "a 25 bps cut"),
    Row("*", _LATIN_WORD, f"{_N} ?[ACFNJMVWKBtTDdhmsgLl]", "", "word", "Model-3 m"),
    Row("*", "", f"{_N} ?[NSEW]", rf"\.?{STREET}", "word", "42 W. 5th St."),
    Row("*", "", f"{_N} ?in", "-", "word", "a 3in-1 tool"),
    Row("*", "", f"{_N} ?d", "[A-Za-z]", "word", "3data"),
    Row("*", "", "", "", "unit", "5 km"),
)  # fmt: skip

_MEASURE = any_of("of wide tall long thick deep high above below from in and to at")

INCHES = Table(
    "Inches",
    Row("*", "", "", r"-[a-z]", "size", '1/4"-thick'),
    Row("*", "", "", rf"\s{_MEASURE}\b", "measure", '0.2" of rain'),
    Row("*", "", "", r"\s[A-Za-z]", "size", 'a 55" TV'),
    Row("*", "", "", "", "measure", 'it is 5"'),
)

_SIZED = any_of(
    "ladder ceiling tree boat board fence pole pipe section clearance truck x"
)
_SIDE = any_of("tall wide long high deep above below of from")
_GOAL = any_of("minute min\\. goal 分 분")

PRIMES = Table(
    "A number with one stroke",
    Row("*", "", "", rf"\s?(?:\([^)]*\)\s)?{_GOAL}", "number", "the 90+3' minute"),
    Row("*", "", r".*\+.*", "", "number", "Messi 90+3'"),
    Row("en", "", "", rf"\s{_SIZED}\b", "size", "a 12' ladder"),
    Row("*", "", "", rf"\s{_SIDE}\b", "measure", "it is 12' tall"),
)  # fmt: skip
"""Without a row that fits the stroke ends what is quoted."""

_RUNS = "[走跑]|タイム|記録|成绩|成績|用時|完走|달리|기록|완주"

FEET = Table(
    "Feet and inches, or minutes and seconds",
    Row(
        "*",
        "(?:配速|用时|ペース|페이스|(?i:pace))[^0-9]{0,8}",
        "",
        "",
        "time",
        "配速5'30″",
    ),
    Row("zh yue ja ko", f"(?:{_RUNS})[^0-9。]{{0,12}}", "", "", "time", "走って50'30″"),
    Row("*", "", "", "", "length", "6'2″ tall"),
)
